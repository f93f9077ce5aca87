package ui

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr" // draws the code that authenticators scan; otp itself uses it
)

// qrQuiet is the white border that scanners need, in modules (ISO 18004 §6.3.8).
const qrQuiet = 4

// qrPath draws text as a QR code: an SVG path of unit squares, and the width of
// the square it stands in. Drawn into the page, the secret never becomes a
// file.
func qrPath(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0, fmt.Errorf("drawing a QR code: %w", err)
	}
	var d strings.Builder
	side := code.Bounds().Dx()
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&d, "M%d %dh1v1h-1z", x+qrQuiet, y+qrQuiet)
			}
		}
	}
	return d.String(), side + 2*qrQuiet, nil
}
