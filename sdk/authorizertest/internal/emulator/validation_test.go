package emulator

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// requests are the flat request types by lower-case name: those that the
// emulator's methods take.
func requests() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	e := reflect.TypeFor[*Emulator]()
	for m := range e.Methods() {
		if m.Type.NumIn() == 3 && m.Type.In(1) == reflect.TypeFor[context.Context]() && m.Type.In(2).Kind() == reflect.Pointer {
			t := m.Type.In(2).Elem()
			out[strings.ToLower(t.Name())] = t
		}
	}
	return out
}

// contractRules are the rules of buf.validate in the protos, as texts, by
// lower-case name of the request.
func contractRules(t *testing.T) map[string][]string {
	t.Helper()
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(
		&protocompile.SourceResolver{ImportPaths: []string{filepath.Join("..", "..", "..", "..", "proto")}})}
	files, err := compiler.Compile(t.Context(), "authorizer/v1/authorizer.proto", "authorizer/v1/admin.proto")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, file := range files {
		for i := range file.Messages().Len() {
			message := file.Messages().Get(i)
			if found := messageRules(message, ""); len(found) > 0 && strings.HasSuffix(string(message.Name()), "Request") {
				out[strings.ToLower(string(message.Name()))] = found
			}
		}
	}
	return out
}

func messageRules(message protoreflect.MessageDescriptor, prefix string) []string {
	var out []string
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		if field.Message() != nil && !field.IsList() && field.Message().Name() == "PaginationRequest" {
			out = append(out, messageRules(field.Message(), string(field.Name())+".")...)
			continue
		}
		if r, ok := fieldRule(field); ok {
			out = append(out, fmt.Sprint(rule{prefix + string(field.Name()), r.min, r.max}))
		}
	}
	return out
}

// fieldRule reads the option (buf.validate.field).
func fieldRule(field protoreflect.FieldDescriptor) (r rule, ok bool) {
	field.Options().ProtoReflect().Range(func(option protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if option.FullName() != "buf.validate.field" {
			return true
		}
		ok = true
		v.Message().Range(func(_ protoreflect.FieldDescriptor, kind protoreflect.Value) bool {
			kind.Message().Range(func(bound protoreflect.FieldDescriptor, n protoreflect.Value) bool {
				size := int(fmtInt(n))
				if name := string(bound.Name()); strings.HasPrefix(name, "min") || name == "gte" {
					r.min = size
				} else {
					r.max = size
				}
				return true
			})
			return true
		})
		return true
	})
	return r, ok
}

func fmtInt(v protoreflect.Value) int64 {
	switch n := v.Interface().(type) {
	case int64:
		return n
	case uint64:
		return int64(n)
	}
	panic(fmt.Sprintf("a rule of another kind: %v", v))
}

// The rules are those of the contract, all of them and in its order, and every
// rule is about a field that exists.
func TestRulesAreTheContracts(t *testing.T) {
	contract := contractRules(t)
	if len(contract) < 30 {
		t.Fatalf("only %d requests with rules in the protos", len(contract))
	}
	for name, request := range requests() {
		var own []string
		for _, r := range rules(request.Name()) {
			own = append(own, fmt.Sprint(r))
			lookup(reflect.New(request).Elem(), r.field) // panics if there is no such field
		}
		if !slices.Equal(own, contract[name]) {
			t.Errorf("%s has the rules %q, the protos have %q", request.Name(), own, contract[name])
		}
		delete(contract, name)
	}
	for name, left := range contract {
		t.Errorf("the protos have rules for %s, which no method takes: %q", name, left)
	}
}

func TestValidate(t *testing.T) {
	long := strings.Repeat("é", 129)
	for _, test := range []struct {
		protocol authorizer.Protocol
		request  any
		want     string
	}{
		{authorizer.ProtocolREST, &authorizer.SignupRequest{}, "validation errors:\n - password: must be at least 1 characters\n - confirm_password: must be at least 1 characters"},
		{authorizer.ProtocolGRPC, &authorizer.LoginRequest{}, "validation error: password: must be at least 1 characters"},
		{authorizer.ProtocolGRPC, &authorizer.LoginRequest{Password: long}, "validation error: password: must be at most 128 characters"},
		{authorizer.ProtocolGRPC, &authorizer.LoginRequest{Password: long[2:]}, ""},
		{authorizer.ProtocolREST, &authorizer.CheckPermissionsRequest{}, "validation error: checks: must contain at least 1 item(s)"},
		{authorizer.ProtocolREST, &authorizer.UsersRequest{}, ""},
		{authorizer.ProtocolREST, &authorizer.UsersRequest{Pagination: &authorizer.PaginationRequest{Limit: authorizer.Ptr(int64(-1))}},
			"validation error: pagination.limit: must be greater than or equal to 0 and less than or equal to 1000"},
		{authorizer.ProtocolREST, &authorizer.UsersRequest{Pagination: &authorizer.PaginationRequest{Page: authorizer.Ptr(int64(-1))}},
			"validation error: pagination.page: must be greater than or equal to 0"},
		{authorizer.ProtocolGraphQL, &authorizer.SignupRequest{}, ""},
		{authorizer.ProtocolREST, nil, ""},
	} {
		got := ""
		if e := asError(validate(test.protocol, test.request)); e != nil {
			got = e.Message
			if e.Code != authorizer.CodeInvalidArgument {
				t.Errorf("code %s", e.Code)
			}
		}
		if got != test.want {
			t.Errorf("%s, %#v: %q, want %q", test.protocol, test.request, got, test.want)
		}
	}
}
