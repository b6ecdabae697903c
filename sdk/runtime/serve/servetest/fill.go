package servetest

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"time"
)

// filler fills values at random.
type filler struct {
	*rand.Rand
	enums   map[reflect.Type][]string
	choices map[reflect.Type][]Choice
}

// chance is true once in n times.
func (f *filler) chance(n int) bool { return f.IntN(n) == 0 }

// request fills a request. Values that are no pointers may be required, and are
// not empty. In half of the requests no pointer is to a zero value, which not
// every protocol can express.
func (f *filler) request(v reflect.Value) {
	f.value(v, 0)
	f.complete(v, f.chance(2))
}

// complete mends what no client would send.
func (f *filler) complete(v reflect.Value, noZero bool) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		if v.IsZero() {
			v.Set(reflect.ValueOf(f.time()))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			f.complete(v.Field(i), noZero)
		}
	case v.Kind() == reflect.Pointer:
		switch {
		case v.IsNil():
		case v.Elem().Kind() == reflect.Struct:
			f.complete(v.Elem(), noZero)
		case noZero && v.Elem().IsZero():
			v.SetZero()
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8 && v.Type().Elem().Kind() != reflect.Interface:
		for i := range v.Len() {
			f.complete(v.Index(i), noZero)
		}
	case v.Kind() == reflect.String && v.Len() == 0:
		f.text(v, 1)
	}
}

// maxDepth ends types that hold themselves.
const maxDepth = 5

func (f *filler) value(v reflect.Value, depth int) {
	switch v.Interface().(type) {
	case time.Time:
		if !f.chance(5) {
			v.Set(reflect.ValueOf(f.time()))
		}
		return
	case map[string]any:
		if !f.chance(4) {
			v.Set(reflect.ValueOf(f.object(0)))
		}
		return
	case []byte:
		v.SetBytes([]byte(f.anyText(f.IntN(12))))
		return
	}
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
		f.choose(v, depth)
	case reflect.Slice, reflect.Map:
		if !f.chance(5) && depth < maxDepth {
			f.items(v, depth)
		}
	default:
		f.scalar(v)
	}
}

func (f *filler) items(v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), 1+f.IntN(3), 3))
		for i := range v.Len() {
			f.value(v.Index(i), depth+1)
			if f.enums[v.Type().Elem()] != nil {
				f.text(v.Index(i), 0) // an absent value is no item
			}
		}
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for range 1 + f.IntN(3) {
		item := reflect.New(v.Type().Elem()).Elem()
		f.value(item, depth+1)
		f.complete(item, true)
		v.SetMapIndex(reflect.ValueOf(f.anyText(5)), item)
	}
}

func (f *filler) scalar(v reflect.Value) {
	switch {
	case v.Kind() == reflect.Interface:
		if free := f.free(0); free != nil {
			v.Set(reflect.ValueOf(free))
		}
	case v.Kind() == reflect.String:
		if !f.chance(6) {
			f.text(v, f.IntN(12))
		}
	case v.Kind() == reflect.Bool:
		v.SetBool(f.chance(2))
	case v.CanInt():
		v.SetInt(int64(f.Uint64()) >> (64 - v.Type().Bits() + f.IntN(v.Type().Bits())))
	case v.CanUint():
		v.SetUint(f.Uint64() >> (64 - v.Type().Bits() + f.IntN(v.Type().Bits())))
	case v.CanFloat():
		v.SetFloat(float64(float32(f.NormFloat64())))
	default:
		panic("servetest cannot fill a " + v.Type().String())
	}
}

// time is a time in the years 1970 to 2096, with nanoseconds.
func (f *filler) time() time.Time {
	return time.Unix(int64(f.Uint32N(4e9)), int64(f.Uint32N(1e9))).UTC()
}

// text sets a text of n characters, or a value of an enum.
func (f *filler) text(v reflect.Value, n int) {
	if values := f.enums[v.Type()]; len(values) > 0 {
		v.SetString(values[f.IntN(len(values))])
		return
	}
	v.SetString(f.anyText(n))
}

// anyText has what has to be escaped somewhere.
func (f *filler) anyText(n int) string {
	runes := []rune("abcXYZ019 _-./:@\"\\<>&'\n\t\u2028é世🚀=%+")
	var b strings.Builder
	for range n {
		b.WriteRune(runes[f.IntN(len(runes))])
	}
	return b.String()
}

// object is a free-form object that is not empty.
func (f *filler) object(depth int) map[string]any {
	out := map[string]any{"k": f.free(depth)}
	for range f.IntN(3) {
		out[f.anyText(4)] = f.free(depth)
	}
	return out
}

// free is a free-form value in the shapes of JSON.
func (f *filler) free(depth int) any {
	switch n := f.IntN(8); {
	case n == 0:
		return nil
	case n == 1:
		return f.chance(2)
	case n == 2:
		return f.anyText(f.IntN(6))
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
