// Package audio holds sound in memory: WAV files read and written, tones made and recognised.
//
// It never opens a file or a socket, and never trusts a length that a file states about itself.
package audio
