package main

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
)

// soundRate is what G.711 legs hear.
const soundRate = 8000

// nodeSounds are the decoded audio files that a node has played, until the
// library changes.
type nodeSounds struct {
	store *db.Store
	mu    sync.Mutex
	clips map[string]*audio.Clip
}

func newNodeSounds(store *db.Store) *nodeSounds {
	return &nodeSounds{store: store, clips: map[string]*audio.Clip{}}
}

// Clip implements sipmedia.Sounds. Two callers may decode the same file at
// once; that is cheaper than making one wait for the other.
func (s *nodeSounds) Clip(ctx context.Context, id string) (*audio.Clip, error) {
	s.mu.Lock()
	clip := s.clips[id]
	s.mu.Unlock()
	if clip != nil {
		return clip, nil
	}
	chosen, err := s.chosen(ctx, id)
	if err != nil {
		return nil, err
	}
	file, err := s.store.Audio(ctx, chosen)
	if err != nil {
		return nil, fmt.Errorf("read audio %s: %w", chosen, err)
	}
	decoded, err := audio.ReadWAV(file.Bytes, soundRate)
	if err != nil {
		return nil, fmt.Errorf("decode audio %s: %w", id, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clips[id] = &decoded
	return &decoded, nil
}

// chosen is the file that stands for a sound: hold music is what the settings
// say, where they say something.
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

// changed forgets all clips when the library changes, or which of them is for
// hold.
func (s *nodeSounds) changed(c directory.News) {
	if !c.Has(directory.FamilyAudio) && !c.Has(directory.FamilySettings) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.clips)
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
