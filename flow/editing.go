package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// editing is a flow taken apart into items that are found by key.
type editing struct{ parts []part }

// part is all items of a flow of one kind. Items go in and out as JSON in the
// one form that encoding/json prints, so that equal bytes are equal values.
type part interface {
	in() string
	keys() []string
	now(key string) json.RawMessage
	set(key string, item json.RawMessage) error
	plain(key string, item json.RawMessage) (json.RawMessage, error) // checks an item and prints it in the one form
}

func newEditing(f *Flow) *editing {
	return &editing{parts: []part{
		&single[string]{InName, f.Name, flowNameFits, func(name string) json.RawMessage { return printed(name) }},
		&single[[]Tab]{InTabs, f.Tabs, tabsFit, printedTabs},
		newList(InModule, f.Modules, func(m Module) string { return m.ID }, moduleFits),
		newList(InCable, f.Cables, Cable.key, cableFits),
		newList(InFrame, f.Frames, func(x Frame) string { return x.ID }, frameFits),
		newList(InNote, f.Notes, func(n Note) string { return n.ID }, noteFits),
		newList(InTest, f.Tests, func(t Test) string { return t.ID }, testFits),
	}}
}

// key of a cable: an exit carries one.
func (c Cable) key() string { return c.From + " " + string(c.Exit) }

// flow puts the items together again.
func (e *editing) flow(f Flow) Flow {
	f.Name = e.parts[0].(*single[string]).value
	f.Tabs = e.parts[1].(*single[[]Tab]).value
	f.Modules = e.parts[2].(*list[Module]).left()
	f.Cables = e.parts[3].(*list[Cable]).left()
	f.Frames = e.parts[4].(*list[Frame]).left()
	f.Notes = e.parts[5].(*list[Note]).left()
	f.Tests = e.parts[6].(*list[Test]).left()
	return f
}

func (e *editing) part(in string) (part, error) {
	for _, p := range e.parts {
		if p.in() == in {
			return p, nil
		}
	}
	return nil, errors.New("there is no such part of a flow")
}

func (e *editing) apply(c Change) error {
	p, err := e.part(c.In)
	if err != nil {
		return err
	}
	before, err := p.plain(c.Key, c.Before)
	if err != nil {
		return fmt.Errorf("before: %w", err)
	}
	after, err := p.plain(c.Key, c.After)
	if err != nil {
		return fmt.Errorf("after: %w", err)
	}
	if now := p.now(c.Key); !same(now, before) {
		return &ConflictError{Change: c, Now: now}
	}
	return p.set(c.Key, after)
}

// single is a part that is one value: it always exists, and its key is empty.
type single[T any] struct {
	kind  string
	value T
	fits  func(T) error
	print func(T) json.RawMessage
}

func (s *single[T]) in() string                 { return s.kind }
func (s *single[T]) keys() []string             { return []string{""} }
func (s *single[T]) now(string) json.RawMessage { return s.print(s.value) }

func (s *single[T]) plain(key string, item json.RawMessage) (json.RawMessage, error) {
	value, err := readItem(key, item, func(T) string { return "" }, s.fits)
	return s.print(value), err
}

func (s *single[T]) set(_ string, item json.RawMessage) error {
	var value T
	err := json.Unmarshal(item, &value)
	s.value = value
	return err
}

// list is a part of many items.
type list[T any] struct {
	kind  string
	items []*T // nil: removed
	at    map[string]int
	order []string
	key   func(T) string
	fits  func(T) error
}

func newList[T any](kind string, items []T, key func(T) string, fits func(T) error) *list[T] {
	l := &list[T]{kind: kind, at: make(map[string]int, len(items)), key: key, fits: fits}
	for i := range items {
		l.add(key(items[i]), &items[i])
	}
	return l
}

func (l *list[T]) add(key string, item *T) {
	if _, twice := l.at[key]; !twice {
		l.at[key] = len(l.items)
		l.order = append(l.order, key)
	}
	l.items = append(l.items, item)
}

func (l *list[T]) in() string { return l.kind }

func (l *list[T]) keys() []string {
	return slices.DeleteFunc(slices.Clone(l.order), func(key string) bool { _, ok := l.at[key]; return !ok })
}

func (l *list[T]) now(key string) json.RawMessage {
	if i, ok := l.at[key]; ok {
		return printed(l.items[i])
	}
	return absent
}

func (l *list[T]) plain(key string, item json.RawMessage) (json.RawMessage, error) {
	if !exists(item) {
		return absent, nil
	}
	value, err := readItem(key, item, l.key, l.fits)
	return printed(value), err
}

func (l *list[T]) set(key string, item json.RawMessage) error {
	i, ok := l.at[key]
	if !exists(item) {
		if ok {
			l.items[i] = nil
			delete(l.at, key)
		}
		return nil
	}
	value := new(T)
	if err := json.Unmarshal(item, value); err != nil {
		return err
	}
	if ok {
		l.items[i] = value
		return nil
	}
	l.add(key, value)
	return nil
}

// left is the items that were not removed.
func (l *list[T]) left() []T {
	var out []T
	for _, item := range l.items {
		if item != nil {
			out = append(out, *item)
		}
	}
	return out
}

func readItem[T any](key string, item json.RawMessage, keyOf func(T) string, fits func(T) error) (T, error) {
	var value T
	if len(item) == 0 {
		item = absent
	}
	if len(item) > MaxFlowBytes {
		return value, fmt.Errorf("%d bytes, at most %d are read", len(item), MaxFlowBytes)
	}
	if err := read(item, &value); err != nil {
		return value, err
	}
	if is := keyOf(value); is != key {
		return value, fmt.Errorf("the item's own key is %q", cut(is))
	}
	return value, fits(value)
}

// printedTabs takes no tabs and an empty list of them for the same.
func printedTabs(tabs []Tab) json.RawMessage {
	if len(tabs) == 0 {
		return absent
	}
	return printed(tabs)
}

// printed is a value in the form that items are compared in. What was parsed
// prints: a flow holds nothing that JSON cannot say.
func printed(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		return absent
	}
	return text
}
