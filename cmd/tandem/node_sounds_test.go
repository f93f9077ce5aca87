package main

import (
	"encoding/binary"
	"os"
	"slices"
	"testing"

	"tandem/db"
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

// library is a store with two files, of 800 and 1600 samples.
func library(t *testing.T) *db.Store {
	t.Helper()
	store := dbtest.Store(t)
	for id, samples := range map[string]int{"jazz": 800, "rain": 1600} {
		if _, err := store.AddAudio(t.Context(), directory.AudioFile{ID: id, Name: id, MediaType: "audio/wav", Bytes: wav(samples)}); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func TestHoldMusicIsWhatTheSettingsSay(t *testing.T) {
	store := library(t)
	if err := store.SavePlaylist(t.Context(), directory.Playlist{ID: "evening", Name: "Evening", Files: []string{"rain", "jazz"}, Shuffle: true}); err != nil {
		t.Fatal(err)
	}
	sounds := newNodeSounds(store)
	if _, err := sounds.Clip(t.Context(), call.AudioHold); err == nil {
		t.Error("music plays although none was chosen")
	}
	set, err := store.General(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][]string{"jazz": {"jazz"}, "rain": {"rain"}, "evening": {"rain", "jazz"}} {
		set.HoldMusic = id
		if err := store.SaveGeneral(t.Context(), set); err != nil {
			t.Fatal(err)
		}
		sounds.changed(directory.News{Family: directory.FamilySettings})
		list, err := sounds.List(t.Context(), call.AudioHold)
		if err != nil || !slices.Equal(list.Files, want) || list.Shuffle != (id == "evening") {
			t.Errorf("%s: %+v, %v", id, list, err)
		}
	}
}

func TestAChangedLibraryIsReadAnew(t *testing.T) {
	store := library(t)
	sounds := newNodeSounds(store)
	heard := func(files ...string) {
		t.Helper()
		list, err := sounds.List(t.Context(), "evening")
		if err != nil || !slices.Equal(list.Files, files) {
			t.Errorf("plays %+v, %v; want %v", list, err, files)
		}
	}
	heard("evening") // which is no playlist, and no file either
	for _, files := range [][]string{{"jazz"}, {"rain", "jazz", "rain"}, {}} {
		if err := store.SavePlaylist(t.Context(), directory.Playlist{ID: "evening", Name: "Evening", Files: files}); err != nil {
			t.Fatal(err)
		}
		sounds.changed(directory.News{Family: directory.FamilyAudio})
		heard(files...)
	}
	clip, err := sounds.Clip(t.Context(), "jazz")
	if err != nil || len(clip.Samples) != 800 {
		t.Errorf("jazz: %v, %v", clip, err)
	}
	if again, err := sounds.Clip(t.Context(), "jazz"); err != nil || again != clip {
		t.Errorf("decoded twice: %v", err)
	}
}
