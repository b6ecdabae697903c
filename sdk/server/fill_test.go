package authorizerserver_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
)

// filler fills values at random.
type filler struct{ *rand.Rand }

// chance is true once in n times.
func (f *filler) chance(n int) bool { return f.IntN(n) == 0 }

// request fills a request. Texts that are no pointers may be required, and are
// not empty; the client's own id is always there, or the client would fill it in.
//
// In half of the requests no pointer is to a zero value, which not every
// protocol can express.
func (f *filler) request(v reflect.Value) {
	f.value(v, 0)
	f.complete(v, f.chance(2))
}

func (f *filler) complete(v reflect.Value, noZero bool) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Field(i)
			if v.Type().Field(i).Name == "ClientID" && field.Kind() == reflect.Pointer && (field.IsNil() || field.Elem().IsZero()) {
				field.Set(reflect.New(field.Type().Elem()))
				field.Elem().SetString("client")
			}
			f.complete(field, noZero)
		}
	case reflect.Pointer:
		switch {
		case v.IsNil():
		case v.Elem().Kind() == reflect.Struct:
			f.complete(v.Elem(), noZero)
		case noZero && v.Elem().IsZero():
			v.SetZero()
		}
	case reflect.Slice:
		for i := range v.Len() {
			f.complete(v.Index(i), noZero)
		}
	case reflect.String:
		if v.Len() == 0 {
			v.SetString("x" + f.text())
		}
	}
}

// maxDepth ends types that hold themselves.
const maxDepth = 4

func (f *filler) value(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		if !f.chance(3) && depth < maxDepth {
			v.Set(reflect.New(v.Type().Elem()))
			f.value(v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f.value(v.Field(i), depth+1)
		}
	case reflect.Slice:
		if !f.chance(5) && depth < maxDepth {
			v.Set(reflect.MakeSlice(v.Type(), 1+f.IntN(3), 3))
			for i := range v.Len() {
				f.value(v.Index(i), depth+1)
			}
		}
	case reflect.Map:
		if !f.chance(4) {
			v.Set(reflect.ValueOf(f.object(0)))
		}
	case reflect.String:
		if !f.chance(6) {
			v.SetString(f.text())
		}
	case reflect.Bool:
		v.SetBool(f.chance(2))
	case reflect.Int32:
		v.SetInt(int64(int32(f.Uint32())) >> f.IntN(32))
	case reflect.Int64:
		v.SetInt(int64(f.Uint64()) >> f.IntN(64))
	case reflect.Float64:
		v.SetFloat(f.NormFloat64())
	default:
		panic("the filler does not know " + v.Type().String())
	}
}

// text is a text with what has to be escaped somewhere.
func (f *filler) text() string {
	const all = "abcXYZ019 _-./:@\"\\<>&'\n\t\u2028é世🚀=%+"
	runes := []rune(all)
	var b strings.Builder
	for range f.IntN(12) {
		b.WriteRune(runes[f.IntN(len(runes))])
	}
	return b.String()
}

// object is a free-form object that is not empty.
func (f *filler) object(depth int) map[string]any {
	out := map[string]any{"k": f.free(depth)}
	for range f.IntN(3) {
		out[f.text()] = f.free(depth)
	}
	return out
}

func (f *filler) free(depth int) any {
	switch n := f.IntN(8); {
	case n == 0:
		return nil
	case n == 1:
		return f.chance(2)
	case n == 2:
		return f.text()
	case n == 3:
		return float64(f.IntN(100) - 50)
	case n == 4:
		return f.NormFloat64()
	case n == 5 && depth < maxDepth:
		return f.object(depth + 1)
	case n == 6 && depth < maxDepth:
		return []any{f.free(depth + 1), f.free(depth + 1)}
	}
	return ""
}
