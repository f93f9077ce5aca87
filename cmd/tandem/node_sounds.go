package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia"
	"tandem/sipmedia/audio"
)

// soundRate is what G.711 legs hear.
const soundRate = 8000

// nodeSounds are the decoded audio files that a node has played and the lists
// they were played from, until the library changes.
type nodeSounds struct {
	store *db.Store
	mu    sync.Mutex
	age   int // counts the changes: what was read before one is not kept after it
	clips map[string]*audio.Clip
	lists map[string]sipmedia.Playlist
}

func newNodeSounds(store *db.Store) *nodeSounds {
	return &nodeSounds{store: store, clips: map[string]*audio.Clip{}, lists: map[string]sipmedia.Playlist{}}
}

// List implements sipmedia.Sounds.
func (s *nodeSounds) List(ctx context.Context, id string) (sipmedia.Playlist, error) {
	return kept(s, s.lists, id, func() (sipmedia.Playlist, error) {
		chosen, err := s.chosen(ctx, id)
		if err != nil {
			return sipmedia.Playlist{}, err
		}
		list, err := s.store.Playlist(ctx, chosen)
		if errors.Is(err, directory.ErrNotFound) { // then it is a file, or nothing
			return sipmedia.Playlist{Files: []string{chosen}}, nil
		}
		return sipmedia.Playlist{Files: list.Files, Shuffle: list.Shuffle, Loop: list.Loop}, err
	})
}

// Clip implements sipmedia.Sounds.
func (s *nodeSounds) Clip(ctx context.Context, file string) (*audio.Clip, error) {
	return kept(s, s.clips, file, func() (*audio.Clip, error) {
		found, err := s.store.Audio(ctx, file)
		if err != nil {
			return nil, fmt.Errorf("read audio %s: %w", file, err)
		}
		clip, err := audio.ReadWAV(found.Bytes, soundRate)
		if err != nil {
			return nil, fmt.Errorf("decode audio %s: %w", file, err)
		}
		return &clip, nil
	})
}

// kept is what is kept under an id, and read where nothing is. Two callers may
// read the same at once; that is cheaper than making one wait for the other.
func kept[T any](s *nodeSounds, all map[string]T, id string, read func() (T, error)) (T, error) {
	s.mu.Lock()
	known, ok := all[id]
	age := s.age
	s.mu.Unlock()
	if ok {
		return known, nil
	}
	fresh, err := read()
	if err != nil {
		return fresh, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.age == age {
		all[id] = fresh
	}
	return fresh, nil
}

// chosen is the file or playlist that stands for a sound: hold music is what the
// settings say, where they say something.
func (s *nodeSounds) chosen(ctx context.Context, id string) (string, error) {
	if id != call.AudioHold {
		return id, nil
	}
	set, err := s.store.General(ctx)
	if err != nil {
		return "", fmt.Errorf("read which music is for hold: %w", err)
	}
	return cmp.Or(set.HoldMusic, id), nil
}

// changed forgets everything when the library changes, or which of it is for
// hold.
func (s *nodeSounds) changed(c directory.News) {
	if !c.Has(directory.FamilyAudio) && !c.Has(directory.FamilySettings) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age++
	clear(s.clips)
	clear(s.lists)
}

// warm decodes the files of the library, so that no caller waits for that.
func (s *nodeSounds) warm(ctx context.Context) error {
	files, err := s.store.AudioFiles(ctx)
	if err != nil {
		return fmt.Errorf("list audio: %w", err)
	}
	for _, f := range files[:min(len(files), warmSounds)] {
		if _, err := s.Clip(ctx, f.ID); err != nil {
			return err
		}
	}
	return nil
}

// warmSounds bounds what a node decodes ahead: a library of long music would
// fill its memory (a minute is about 1 MB).
const warmSounds = 100
