package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/sdk/runtime/wire"
)

// Parts is a REST request that has more than a body: values in its path, its
// query and its headers.
type Parts[Body any] struct {
	Params
	// Body is what is sent as JSON or as a form; nil where there is no body.
	Body *Body
}

// BodyOf is a body that is no object; nil, where nothing is set, is no body.
func BodyOf(value any) *any {
	if !set(value) {
		return nil
	}
	return &value
}

// Params are the values of a REST request outside of its body, in the order in
// which generated code sets them.
type Params struct{ list []*param }

// param is one of them.
type param struct {
	place       byte // 'p' path, 'q' query, 'h' header, 'm' those of a message
	name, field string
	value       any
	explode     bool
	pattern     string
}

// Path is where the value of a variable of the path goes. field is its name in
// errors. A pattern, such as "shelves/*", lets the value hold slashes.
func (p *Params) Path(name, field, pattern string) *any {
	return p.add(&param{place: 'p', name: name, field: field, pattern: pattern})
}

// Query is where the value of a query parameter goes. explode repeats the name
// for each value of a list; without it they are joined by commas.
func (p *Params) Query(name, field string, explode bool) *any {
	return p.add(&param{place: 'q', name: name, field: field, explode: explode})
}

// Header is where the value of a header goes.
func (p *Params) Header(name, field string) *any {
	return p.add(&param{place: 'h', name: name, field: field})
}

// Message is where a message goes that is no value on the wire itself: its value
// is the [Params] of its fields, or a pointer to them, nil if it is unset.
func (p *Params) Message(field string) *any {
	return p.add(&param{place: 'm', field: field})
}

func (p *Params) add(one *param) *any {
	p.list = append(p.list, one)
	return &one.value
}

// RESTParts makes an adapter as [REST] does, of a builder that is given the
// escaped path and query to resolve against the server. path is a template such
// as "v1/books/{book_id}", without a slash before it.
func RESTParts[Req, Body, Out, Resp any](
	path string,
	encode func(*Encoder, *Req) Parts[Body],
	build func(server, target string, body *Body) (*http.Request, error),
	decode func(*Out) *Resp,
) Adapter[Req, Resp] {
	return func(ctx context.Context, call *Call, req *Req) (*Resp, error) {
		httpReq, err := partsRequest(ctx, call, path, encode(call.Encoder(), req), build)
		if err != nil {
			return nil, err
		}
		out := new(Out)
		if err := call.sendREST(httpReq, out); err != nil {
			return nil, err
		}
		return answer(call, decode(out))
	}
}

// partsRequest makes the request of the parts. Its own headers are those of its
// parameters.
func partsRequest[Body any](
	ctx context.Context, call *Call, path string, parts Parts[Body],
	build func(server, target string, body *Body) (*http.Request, error),
) (*http.Request, error) {
	target, header := parts.target(call.Encoder(), path)
	if err := call.Refused(); err != nil {
		return nil, err
	}
	req, err := build(call.core.restBase, target, parts.Body)
	if err != nil {
		return nil, call.Errorf(CodeInternal, "the request cannot be made: %w", err)
	}
	maps.Copy(req.Header, header)
	return req.WithContext(ctx), nil
}

// target writes the values into the path, the query and the headers. What
// cannot be written is a violation.
func (p *Params) target(e *Encoder, path string) (string, http.Header) {
	t := &target{e: e, path: path, header: http.Header{}}
	t.write(p.list)
	if _, left, ok := strings.Cut(t.path, "{"); ok {
		// A variable of a message that is unset.
		name, _, _ := strings.Cut(left, "}")
		(&param{field: name}).segments(e, nil)
	}
	if len(t.query) > 0 {
		t.path += "?" + strings.Join(t.query, "&")
	}
	return t.path, t.header
}

// target is a path, a query and headers in the making.
type target struct {
	e      *Encoder
	path   string
	query  []string
	header http.Header
}

// write adds the values, and tells how many are set.
func (t *target) write(list []*param) int {
	set := 0
	for _, one := range list {
		if one.place == 'm' {
			set += t.message(one)
			continue
		}
		texts := one.texts(t.e)
		set += min(len(texts), 1)
		switch {
		case one.place == 'p':
			t.path = strings.ReplaceAll(t.path, "{"+one.name+"}", one.segments(t.e, texts))
		case len(texts) == 0:
		case one.place == 'q':
			t.query = append(t.query, one.query(texts)...)
		default:
			t.header.Set(one.name, one.header(t.e, texts))
		}
	}
	return set
}

// message adds the fields of a message. One that is set but has nothing set in it
// would not arrive.
func (t *target) message(one *param) int {
	fields, optional := one.value.(*Params)
	if !optional {
		own, _ := one.value.(Params)
		fields = &own
	}
	if fields == nil {
		return 0
	}
	for _, f := range fields.list {
		f.field = one.field + "." + f.field
	}
	set := t.write(fields.list)
	if set == 0 && optional {
		t.e.violation(one.field, "cannot be sent empty over %s", t.e.protocol)
	}
	return set
}

// texts are the values as text: one, or those of a list, or none if it is unset.
func (p *param) texts(e *Encoder) []string {
	v := reflect.ValueOf(p.value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case !v.IsValid() || v.Kind() == reflect.Pointer:
		return nil
	case v.Kind() != reflect.Slice:
		return []string{p.text(e, v)}
	case v.IsNil():
		return nil
	case v.Len() == 0:
		e.violation(p.field, "cannot be sent empty over %s", e.protocol)
		return nil
	}
	// Bytes and field masks are one text.
	if _, one := v.Interface().(json.Marshaler); one || v.Type().Elem().Kind() == reflect.Uint8 {
		return []string{p.text(e, v)}
	}
	var out []string
	for i := range v.Len() {
		text := p.text(e, v.Index(i))
		if !p.explode && strings.Contains(text, ",") {
			e.violation(fmt.Sprintf("%s[%d]", p.field, i), "holds a comma, which stands between the values of the list over %s", e.protocol)
		}
		out = append(out, text)
	}
	return out
}

func (p *param) text(e *Encoder, v reflect.Value) string {
	text, err := wire.Text(v)
	if err != nil {
		e.violation(p.field, "cannot be written as text over %s: %v", e.protocol, err)
	}
	return text
}

func (p *param) query(texts []string) []string {
	name := url.QueryEscape(p.name) + "="
	escaped := make([]string, len(texts))
	for i, text := range texts {
		escaped[i] = url.QueryEscape(text)
	}
	if !p.explode {
		return []string{name + strings.Join(escaped, ",")}
	}
	for i := range escaped {
		escaped[i] = name + escaped[i]
	}
	return escaped
}

// header is a value that arrives as it was sent: HTTP cuts blanks off its ends,
// and has no lines in it.
func (p *param) header(e *Encoder, texts []string) string {
	value := strings.Join(texts, ",")
	if value != strings.Trim(value, " \t") || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		e.violation(p.field, "cannot be sent as a header: it begins or ends with a blank, or holds a control character")
	}
	return value
}

// segments escapes the value of a variable of the path. Nothing and dots would
// lead elsewhere.
func (p *param) segments(e *Encoder, texts []string) string {
	value := strings.Join(texts, ",")
	if value == "" {
		e.violation(p.field, "is a part of the path and must not be empty over %s", e.protocol)
		return ""
	}
	parts := []string{value}
	if p.pattern != "" {
		parts = strings.Split(value, "/")
		if !fits(parts, strings.Split(p.pattern, "/")) {
			e.violation(p.field, "does not look like %q, as its part of the path must over %s", p.pattern, e.protocol)
		}
	}
	for i, part := range parts {
		if part == "." || part == ".." {
			e.violation(p.field, "cannot be a part of the path over %s: %q leads elsewhere", e.protocol, part)
		}
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// fits reports whether segments look like a pattern: * is one of them, ** all
// that follow.
func fits(segments, pattern []string) bool {
	if slices.Contains(segments, "") {
		return false
	}
	for i, want := range pattern {
		switch {
		case want == "**":
			return true
		case i >= len(segments) || want != "*" && want != segments[i]:
			return false
		}
	}
	return len(segments) == len(pattern)
}
