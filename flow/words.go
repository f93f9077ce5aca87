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
	for _, many := range []string{"key", "route"} {
		if one, ok := strings.CutPrefix(string(e), many+":"); ok {
			return many + " " + one
		}
	}
	return "“" + strings.ReplaceAll(string(e), "-", " ") + "”"
}

func splitCableKey(key string) (from string, exit Exit) {
	from, rest, _ := strings.Cut(key, " ")
	return from, Exit(rest)
}
