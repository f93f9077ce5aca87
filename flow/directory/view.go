package directory

// SavedView is a name that a login gave to the query of a list.
type SavedView struct {
	Name  string `json:"name"` // 1–60 characters
	Query string `json:"query"`
}
