package runtime

import (
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"strings"
)

// redacted stands where a secret would.
const redacted = "[redacted]"

// masked is a value, or redacted if it is a secret that is not empty.
func masked(value string, secret bool) string {
	if secret && value != "" {
		return redacted
	}
	return value
}

// FormatRedacted is for the Format method of a generated struct. It writes
// the struct v for any verb, without asking v itself again; fields with the
// tag `secret:"true"` show as [redacted] unless they are zero, also in
// structs below, and behind pointers, slices and maps. Pointers show what
// they point to. %#v adds the names of types.
func FormatRedacted(s fmt.State, verb rune, v any) {
	p := printer{out: s, types: verb == 'v' && s.Flag('#')}
	p.print(reflect.ValueOf(v), 0, true)
}

// maxPrintDepth stops a value that points to itself.
const maxPrintDepth = 32

// printer writes one value. Write errors are fmt's business.
type printer struct {
	out   io.Writer
	types bool
}

func (p printer) write(text string) { _, _ = io.WriteString(p.out, text) }

// print writes v. own means that v's own Format must not be asked: it is the
// one that is running.
func (p printer) print(v reflect.Value, depth int, own bool) {
	if depth > maxPrintDepth {
		p.write("...")
		return
	}
	if !v.IsValid() {
		p.write("<nil>")
		return
	}
	if !own && p.printSelf(v) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		p.printPointer(v, depth, own)
	case reflect.Struct:
		p.printStruct(v, depth)
	case reflect.Slice, reflect.Array:
		p.printList(v, depth)
	case reflect.Map:
		p.printMap(v, depth)
	default:
		p.printScalar(v)
	}
}

// printSelf lets a value write itself if it knows how to: a time, or another
// generated struct, which redacts itself. A nil pointer is never asked.
func (p printer) printSelf(v reflect.Value) bool {
	if v.Kind() == reflect.Pointer && v.IsNil() || !v.CanInterface() {
		return false
	}
	switch v.Interface().(type) {
	case fmt.Formatter, fmt.Stringer, error:
	default:
		return false
	}
	format := "%v"
	if p.types {
		format = "%#v"
	}
	_, _ = fmt.Fprintf(p.out, format, v.Interface())
	return true
}

func (p printer) printPointer(v reflect.Value, depth int, own bool) {
	if v.IsNil() {
		p.write("<nil>")
		return
	}
	if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		p.write("&")
	}
	p.print(v.Elem(), depth+1, own)
}

func (p printer) printStruct(v reflect.Value, depth int) {
	p.open(v, "{")
	for i := range v.NumField() {
		if i > 0 {
			p.separate()
		}
		field := v.Type().Field(i)
		p.write(field.Name + ":")
		if isSecret(field) && !isEmpty(v.Field(i)) {
			p.write(redacted)
			continue
		}
		p.print(v.Field(i), depth+1, false)
	}
	p.write("}")
}

func (p printer) printList(v reflect.Value, depth int) {
	p.open(v, "[")
	for i := range v.Len() {
		if i > 0 {
			p.separate()
		}
		p.print(v.Index(i), depth+1, false)
	}
	p.write("]")
}

func (p printer) printMap(v reflect.Value, depth int) {
	p.open(v, "map[")
	for i, key := range sortedKeys(v) {
		if i > 0 {
			p.separate()
		}
		p.print(key, depth+1, false)
		p.write(":")
		p.print(v.MapIndex(key), depth+1, false)
	}
	p.write("]")
}

func (p printer) printScalar(v reflect.Value) {
	if v.Kind() == reflect.String && p.types {
		_, _ = fmt.Fprintf(p.out, "%q", v.String())
		return
	}
	_, _ = fmt.Fprintf(p.out, "%v", v)
}

// open begins a struct, list or map, with its type where types are shown.
func (p printer) open(v reflect.Value, bracket string) {
	if p.types {
		p.write(v.Type().String())
		bracket = strings.TrimPrefix(bracket, "map")
	}
	p.write(bracket)
}

func (p printer) separate() {
	if p.types {
		p.write(",")
	}
	p.write(" ")
}

// LogValueRedacted is for the LogValue method of a generated struct: a group
// of its fields that are not zero, under their JSON names, with secrets as
// [redacted]. What is below the struct becomes plain maps and lists, so that
// no handler can see a secret by encoding it.
func LogValueRedacted(v any) slog.Value {
	s := reflect.ValueOf(v)
	for s.Kind() == reflect.Pointer && !s.IsNil() {
		s = s.Elem()
	}
	if s.Kind() != reflect.Struct {
		return slog.AnyValue(plain(s, 0))
	}
	var attrs []slog.Attr
	for i := range s.NumField() {
		field := s.Type().Field(i)
		if field.IsExported() && !isEmpty(s.Field(i)) {
			attrs = append(attrs, slog.Any(jsonName(field), plainField(field, s.Field(i), 0)))
		}
	}
	return slog.GroupValue(attrs...)
}
