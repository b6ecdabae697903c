package demo

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// outcome is what a call came back with.
type outcome struct {
	value any
	err   error
}

// failure is what of an error must be the same over every protocol. The
// protocol and its HTTP status differ by nature.
type failure struct {
	Code    authorizer.Code
	Message string
}

// failed returns the failure of an outcome.
func (o outcome) failed() (failure, bool) {
	if o.err == nil {
		return failure{}, false
	}
	var e *authorizer.Error
	if !errors.As(o.err, &e) {
		return failure{authorizer.CodeUnknown, o.err.Error()}, true
	}
	return failure{e.Code, e.Message}, true
}

// comparable is what of the outcome is compared.
func (o outcome) comparable(leftOut []string) any {
	f, failed := o.failed()
	if !failed {
		return without(o.value, leftOut)
	}
	if slices.Contains(leftOut, errorMessage) {
		f.Message = ""
	}
	return f
}

// verdict is how the outcomes of a step stand to each other.
type verdict string

const (
	same    verdict = "same"
	differs verdict = "DIFFERS"
	failing verdict = "FAILED" // the same, but not what should have come
)

// result is a step with its outcomes and their verdict.
type result struct {
	step     step
	outcomes []outcome
	verdict  verdict
}

func (r result) problem() int {
	if r.verdict == same {
		return 0
	}
	return 1
}

// judge compares the outcomes of a step.
func judge(s step, outcomes []outcome) result {
	r := result{step: s, outcomes: outcomes, verdict: same}
	first := outcomes[0].comparable(s.leftOut)
	for _, o := range outcomes[1:] {
		if !reflect.DeepEqual(first, o.comparable(s.leftOut)) {
			r.verdict = differs
			return r
		}
	}
	f, _ := outcomes[0].failed()
	if f.Code != s.fails && !s.mayFail {
		r.verdict = failing
	}
	return r
}

// without returns a copy of a value in which the fields of these names, as
// they are called in JSON, are zero. What is inside of free-form maps stays.
func without(value any, names []string) any {
	if len(names) == 0 || value == nil {
		return value
	}
	v := reflect.ValueOf(value)
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	blank(out, names)
	return out.Interface()
}

// blank clears fields; pointers and slices are copied on the way, so that the
// original keeps its values.
func blank(v reflect.Value, names []string) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		fresh := reflect.New(v.Type().Elem())
		fresh.Elem().Set(v.Elem())
		v.Set(fresh)
		blank(v.Elem(), names)
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		v.Set(fresh)
		for i := range v.Len() {
			blank(v.Index(i), names)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if slices.Contains(names, jsonName(v.Type().Field(i))) {
				v.Field(i).SetZero()
			} else {
				blank(v.Field(i), names)
			}
		}
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// refused is what came of calling a method that a protocol lacks.
type refused struct {
	offered  bool
	err      error
	requests int64 // that left the program
}

func (r refused) early() bool {
	return r.offered || (errors.Is(r.err, authorizer.ErrUnimplemented) && r.requests == 0)
}

// refusalRow is the same over each protocol.
type refusalRow []refused

func (r refusalRow) problem() int {
	for _, each := range r {
		if !each.early() {
			return 1
		}
	}
	return 0
}

// refusals calls admin_signup, which only GraphQL offers, over the others.
func refusals(ctx context.Context, actors []*actor) refusalRow {
	var row refusalRow
	for _, a := range actors {
		if a.protocol == authorizer.ProtocolGraphQL {
			row = append(row, refused{offered: true})
			continue
		}
		before := a.sent.Load()
		//lint:ignore SA1019 the demo shows that the other protocols refuse it, which the one that has it deprecates
		_, err := a.admin.AdminSignup(ctx, &authorizer.AdminSignupRequest{AdminSecret: "unused"})
		row = append(row, refused{err: err, requests: a.sent.Load() - before})
	}
	return row
}
