package grpcrt

// Straight reads an answer with a reader alone; not ok, if that gave up.
func Straight[T any](b []byte, read func(*Reader, *T)) (out *T, ok bool) {
	var r Reader
	r.reset(b)
	out = Bare(read)(&r)
	return out, !r.failed
}

// MaxReaderDepth is how deep a reader goes.
const MaxReaderDepth = maxReaderDepth
