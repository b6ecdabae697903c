package runtime

// NonEmpty is for a list in an answer: absent, null and empty are nil, so
// that they are the same value over every protocol.
func NonEmpty[T any](v []T) []T {
	if len(v) == 0 {
		return nil
	}
	return v
}

// NonEmptyMap is [NonEmpty] for a free-form map.
func NonEmptyMap(m map[string]any) map[string]any {
	if len(m) == 0 {
		return nil
	}
	return m
}
