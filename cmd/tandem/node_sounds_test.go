package main

import (
	"encoding/binary"
	"os"
	"testing"

	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// wav is a file of so many samples of silence.
func wav(samples int) []byte {
	out := []byte("RIFF")
	out = binary.LittleEndian.AppendUint32(out, uint32(36+2*samples))
	out = append(out, "WAVEfmt "...)
	for _, field := range []any{uint32(16), uint16(1), uint16(1), uint32(soundRate), uint32(2 * soundRate), uint16(2), uint16(16)} {
		out, _ = binary.Append(out, binary.LittleEndian, field) // of fixed size: cannot fail
	}
	out = binary.LittleEndian.AppendUint32(append(out, "data"...), uint32(2*samples))
	return append(out, make([]byte, 2*samples)...)
}

func TestHoldMusicIsWhatTheSettingsSay(t *testing.T) {
	store := dbtest.Store(t)
	for id, samples := range map[string]int{"jazz": 800, "rain": 1600} {
		if _, err := store.AddAudio(t.Context(), directory.AudioFile{ID: id, Name: id, MediaType: "audio/wav", Bytes: wav(samples)}); err != nil {
			t.Fatal(err)
		}
	}
	sounds := newNodeSounds(store)
	if _, err := sounds.Clip(t.Context(), call.AudioHold); err == nil {
		t.Error("music plays although none was chosen")
	}
	set, err := store.General(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for id, samples := range map[string]int{"jazz": 800, "rain": 1600} {
		set.HoldMusic = id
		if err := store.SaveGeneral(t.Context(), set); err != nil {
			t.Fatal(err)
		}
		sounds.changed(directory.News{Family: directory.FamilySettings})
		clip, err := sounds.Clip(t.Context(), call.AudioHold)
		if err != nil || len(clip.Samples) != samples {
			t.Errorf("%s: %v, %v", id, clip, err)
		}
	}
}
