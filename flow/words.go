package flow

import "strings"

// named is a module's name, or its id where it has none.
func named(names map[string]string, id string) string {
	if name := names[id]; name != "" {
		return name
	}
	return id
}

// exitWords is an exit as a sentence names it.
func exitWords(e Exit) string {
	if key, ok := strings.CutPrefix(string(e), "key:"); ok {
		return "key " + key
	}
	return "“" + strings.ReplaceAll(string(e), "-", " ") + "”"
}

func splitCableKey(key string) (from string, exit Exit) {
	from, rest, _ := strings.Cut(key, " ")
	return from, Exit(rest)
}
