package directory

// AccessKey is the setting that holds Access.
const AccessKey = "access"

// Access is what is asked of everybody who signs in.
type Access struct {
	SecondFactor bool `json:"second_factor"` // is required
}
