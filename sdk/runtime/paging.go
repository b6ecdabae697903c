package runtime

import (
	"context"
	"iter"
)

// Page is where in a list an answer of numbered pages stands.
type Page struct {
	// Offset is the number of entries before the page, Total that of all.
	Offset, Total int64
}

// NumberedPages walks a list that is paged by number. The first request is sent
// as it is; start is its page number, 0 for none. The walk stops after the last
// page, when the caller stops, or with an error, which comes once and last.
func NumberedPages[Req, Resp, Item any](
	ctx context.Context, m *Method, req *Req, start int64,
	call func(context.Context, *Req) (*Resp, error),
	set func(req *Req, page int64) *Req,
	read func(*Resp) ([]Item, Page),
) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		var zero Item
		last := int64(-1)
		r := req
		for page := max(start, 1); ; page++ {
			resp, err := call(ctx, r)
			if err != nil {
				yield(zero, err)
				return
			}
			items, at := read(resp)
			if len(items) > 0 && at.Offset <= last {
				yield(zero, repeated(m, "page"))
				return
			}
			last = at.Offset
			if !yieldAll(items, yield) || len(items) == 0 || at.Offset+int64(len(items)) >= at.Total {
				return
			}
			r = set(Copy(req), page+1)
		}
	}
}

// TokenPages walks a list whose answers name the next page by a token; an empty
// one ends it. Errors are as for [NumberedPages].
func TokenPages[Req, Resp, Item any](
	ctx context.Context, m *Method, req *Req,
	call func(context.Context, *Req) (*Resp, error),
	set func(req *Req, token string) *Req,
	read func(*Resp) (items []Item, token string),
) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		var zero Item
		seen := map[string]bool{}
		for r := req; ; {
			resp, err := call(ctx, r)
			if err != nil {
				yield(zero, err)
				return
			}
			items, token := read(resp)
			if !yieldAll(items, yield) || token == "" {
				return
			}
			if seen[token] {
				yield(zero, repeated(m, "page token"))
				return
			}
			seen[token] = true
			r = set(Copy(req), token)
		}
	}
}

// repeated is the error for a server that goes round in circles.
func repeated(m *Method, what string) *Error {
	return &Error{Code: CodeInternal, Method: m.Name, Message: "the server answered the same " + what + " again, so the list cannot be walked"}
}

// yieldAll reports whether the caller wants more.
func yieldAll[Item any](items []Item, yield func(Item, error) bool) bool {
	for _, item := range items {
		if !yield(item, nil) {
			return false
		}
	}
	return true
}
