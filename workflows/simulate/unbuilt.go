package simulate

import "errors"

var errUnbuilt = errors.New("unbuilt")
