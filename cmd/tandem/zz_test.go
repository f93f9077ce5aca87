package main

import ("os";"strings";"testing")

func TestZZ(t *testing.T) {
	b, _ := os.ReadFile("../../README.md")
	os.WriteFile("../../README.md", []byte(strings.Replace(string(b), "TABLE\n", settingsTable(), 1)), 0o644)
}
