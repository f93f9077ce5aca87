package flow

// Tab is one sheet of a flow's canvas. All tabs form one graph.
type Tab struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Frame is a titled rectangle drawn behind modules.
type Frame struct {
	ID   string `json:"id"`
	Tab  string `json:"tab,omitempty"`
	Text string `json:"text"`
	X    int    `json:"x"`
	Y    int    `json:"y"`
	W    int    `json:"w"`
	H    int    `json:"h"`
}

// Note is a piece of paper on the canvas.
type Note struct {
	ID   string `json:"id"`
	Tab  string `json:"tab,omitempty"`
	Text string `json:"text"`
	X    int    `json:"x"`
	Y    int    `json:"y"`
	W    int    `json:"w"`
	H    int    `json:"h"`
}
