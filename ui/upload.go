package ui

import (
	"errors"
	"io"
	"net/http"
	"net/url"
)

// upload is one file that was sent, with the form's other fields.
type upload struct {
	Name   string // of the file, as its owner calls it
	Bytes  []byte
	Fields url.Values
}

const (
	maxParts = 20
	maxField = 4 << 10 // bytes of one field beside the file
)

// readUpload reads a multipart form with one file in the field named. The
// route's limit (route.upTo) bounds it all; nothing is written to disk.
func readUpload(r *http.Request, field string) (upload, error) {
	out := upload{Fields: url.Values{}}
	parts, err := r.MultipartReader()
	if err != nil {
		return out, &Refusal{Status: http.StatusUnsupportedMediaType, Text: "Send the file as multipart/form-data."}
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, unreadable("upload", err)
		}
		var in io.Reader = part
		if part.FormName() != field {
			in = io.LimitReader(part, maxField)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			return out, unreadable("upload", err)
		}
		if part.FormName() == field {
			out.Name, out.Bytes = shown(part.FileName()), body
		} else {
			out.Fields.Add(part.FormName(), string(body))
		}
	}
	if len(out.Bytes) == 0 {
		return out, refuse(field, "Choose a file.")
	}
	return out, nil
}
