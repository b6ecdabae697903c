package openapidoc_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

func no(wire, reason string) contract.Type {
	return contract.Type{Scalar: contract.ScalarUnsupported, Wire: wire, Reason: reason}
}

func TestFields(t *testing.T) {
	c := loadOne(t, shop).Contract
	item := c.Messages["Item"]
	typ := func(s contract.Scalar, wire string) contract.Type { return contract.Type{Scalar: s, Wire: wire} }
	text := func(s contract.Scalar, wire string) contract.Type {
		return contract.Type{Scalar: s, Wire: wire, Form: contract.FormText}
	}
	list := func(in contract.Type) contract.Type { in.List = true; return in }
	message := func(name string) contract.Type {
		return contract.Type{Scalar: contract.ScalarMessage, Message: c.Messages[name], Wire: name}
	}
	str := typ(contract.ScalarString, "string")
	optional := contract.Field{Presence: true}
	tests := []struct {
		name string
		want contract.Field
		typ  contract.Type
	}{
		{"must", contract.Field{Required: true, Doc: "Its name."}, str},
		{"mustnull", contract.Field{Required: true, Presence: true, Nullable: true}, str},
		{"may", contract.Field{Presence: true, Deprecated: "deprecated"}, str},
		{"flag", optional, typ(contract.ScalarBool, "boolean")},
		{"i32", optional, typ(contract.ScalarInt32, "integer/int32")},
		{"i64", optional, typ(contract.ScalarInt64, "integer/int64")},
		{"int", optional, typ(contract.ScalarInt64, "integer/int64")},
		{"s64", optional, text(contract.ScalarInt64, "string/int64")},
		{"su64", optional, text(contract.ScalarUint64, "string/uint64")},
		{"real", optional, typ(contract.ScalarFloat64, "number/double")},
		{"num", optional, typ(contract.ScalarFloat64, "number/double")},
		{"password", optional, typ(contract.ScalarString, "string/password")},
		{"free", optional, typ(contract.ScalarObject, "object")},
		{"freer", optional, typ(contract.ScalarObject, "object")},
		{"parent", optional, message("Item")},
		{"alias", optional, message("Item")},
		{"text", optional, str},
		{"tags", optional, list(str)},
		{"holes", contract.Field{Presence: true, Nullable: true}, list(str)},
		{"parts", optional, list(message("Item"))},
		{"inline", optional, message("Item_inline")},
		{"inlines", optional, list(message("Item_inlines"))},
		{"untyped", optional, message("Item_untyped")},
		{"enum", optional, typ(contract.ScalarEnum, "string")},
		{"one", optional, str},
		{"any", optional, str},
		{"all", optional, str},
		{"not", optional, no("string", "is a conditional schema")},
		{"grid", optional, list(typ(contract.ScalarNested, "array"))},
		{"whatever", optional, typ(contract.ScalarAny, "")},
		{"whatevers", optional, list(typ(contract.ScalarAny, ""))},
		{"date", optional, typ(contract.ScalarTimestamp, "string/date-time")},
		{"small", optional, typ(contract.ScalarInt32, "integer/int8")},
		{"single", optional, typ(contract.ScalarFloat32, "number/float")},
		{"map", optional, contract.Type{Scalar: contract.ScalarString, Map: true, Wire: "string"}},
	}
	if len(item.Fields) != len(tests) {
		t.Errorf("%d fields, want %d", len(item.Fields), len(tests))
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := *item.Fields[i], tt.want // the order is that of the file
			if e := got.Type.Enum; e != nil && (len(e.Values) == 0 || e.Pos != got.Pos) {
				t.Errorf("the enum is %+v", e)
			}
			if item := got.Type.Elem; item != nil && !item.List {
				t.Errorf("an item is %+v", item)
			}
			got.Type.Enum, got.Type.Elem = nil, nil
			want.Name, want.Pos, want.Type, want.Details = tt.name, got.Pos, tt.typ, got.Details
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
	if pos := item.Field("must").Pos; pos != (diag.Pos{File: "shop.yaml", Line: 75, Col: 9}) {
		t.Errorf("position of Item.must: %v", pos)
	}
	if item.Doc != "A thing for sale." || item.Pos != (diag.Pos{File: "shop.yaml", Line: 70, Col: 5}) {
		t.Errorf("Item: %q at %v", item.Doc, item.Pos)
	}
}

func TestMessages(t *testing.T) {
	c := loadOne(t, shop).Contract
	want := []string{
		"All", "Empty", "Error", "Extra", "Inline_request", "Inline_response_200",
		"Item", "Item_inline", "Item_inline_deep", "Item_inlines", "Item_untyped", "post_v1_upload_request",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(c.Messages))); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"All":   "",
		"Extra": "has additionalProperties beside its properties",
		"Item":  "",
	} {
		if got := c.Messages[name].Unsupported; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// A schema that was named keeps the place where it stands.
	if pos := c.Messages["Item_inline_deep"].Pos; pos.Line != 95 || pos.File != "shop.yaml" {
		t.Errorf("position of Item_inline_deep: %v", pos)
	}
	if pos := c.Messages["Item_inline_deep"].Field("x").Pos; pos.Line != 95 {
		t.Errorf("position of Item_inline_deep.x: %v", pos)
	}
}

// OpenAPI 3.1 writes null as a type.
func TestNullIn31(t *testing.T) {
	c := loadOne(t, `openapi: 3.1.0
info: {title: t, version: v}
paths: {}
components:
  schemas:
    M:
      type: object
      properties:
        a: {type: [string, 'null']}
        b: {type: [string, integer]}
        c: {const: 1}
        d: {type: [object, 'null'], properties: {x: {type: string}}}
`).Contract
	m := c.Messages["M"]
	if f := m.Field("a"); f.Type.Scalar != contract.ScalarString || !f.Nullable {
		t.Errorf("a: %+v", f)
	}
	if f := m.Field("b"); f.Type.Reason != "has more than one type" {
		t.Errorf("b: %+v", f)
	}
	if f := m.Field("c"); f.Type.Reason != "is an enum of values that are not all texts" {
		t.Errorf("c: %+v", f)
	}
	if f := m.Field("d"); f.Type.Message != c.Messages["M_d"] || f.Type.Message == nil || !f.Nullable {
		t.Errorf("d: %+v", f)
	}
}
