package pages

// APIView is the API's description for people.
type APIView struct {
	Frame
	Refusals []Fact
	Groups   []APIGroup
	Example  string // a first request, to copy
}

// APIGroup is the routes of one area.
type APIGroup struct {
	Title, Text string
	Rows        []APIRow
}

// APIRow is one route of the API.
type APIRow struct {
	Method, Path, Summary, Right string
	Yours                        bool // the reader's role allows it
	Query                        []Fact
	In, Out                      string // names of fields
	Media                        string // of an answer that is no JSON
	Sample                       string // a body that works
}
