package sipmedia

import "errors"

var errUnbuilt = errors.New("unbuilt")
