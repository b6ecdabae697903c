package graphqlschema_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Details are what comparing needs beside the neutral picture.
func TestDetails(t *testing.T) {
	fsys := fstest.MapFS{"s.graphql": {Data: []byte(`type Query { find(in: Find!, color: Color = RED): [Item!]! }
enum Color { RED GREEN @deprecated(reason: "gone") }
union Any = Item | Other
type Other { x: Int }
type Item { colors: [Color!], price(in: String!, net: Boolean): Int!, any: Any, grid: [[Int]!]! }
input Find @oneOf { page: Int = 1, name: String }
`)}}
	c, list := graphqlschema.Load(fsys, []string{"s.graphql"}, graphqlschema.Options{})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	pos := func(line, col int) diag.Pos { return diag.Pos{File: "s.graphql", Line: line, Col: col} }
	text := func(s string) *string { return &s }
	color := &contract.Enum{Name: "Color", Pos: pos(2, 6), Values: []contract.EnumValue{
		{Name: "RED", Pos: pos(2, 14)}, {Name: "GREEN", Pos: pos(2, 18), Deprecated: "gone"},
	}}
	find := c.Operations["find"].Details
	if got := find.Response; !cmp.Equal(got, contract.TypeDetails{Text: "[Item]"}) {
		t.Errorf("answer: %+v", got)
	}
	if diff := cmp.Diff(&contract.Argument{
		Name: "color", Pos: pos(1, 30), Default: text("RED"), Details: contract.TypeDetails{Text: "Color", Nullable: true, Enum: color},
		Type: contract.Type{Scalar: contract.ScalarEnum, Enum: color, Wire: "Color"},
	}, find.Arguments[1]); diff != "" {
		t.Error(diff)
	}
	if a := find.Arguments[0]; a.Name != "in" || !a.Required || a.Details.Text != "Find" {
		t.Errorf("argument %+v", a)
	}
	item := c.Messages["Item"]
	for name, want := range map[string]contract.TypeDetails{
		"colors": {Text: "[Color]", Nullable: true, Enum: color},
		"price":  {Text: "Int"},
		"any":    {Text: "Any", Nullable: true, Enum: &contract.Enum{Name: "Any", Pos: pos(3, 7), Values: []contract.EnumValue{{Name: "Item", Pos: pos(3, 7)}, {Name: "Other", Pos: pos(3, 7)}}}},
		"grid":   {Text: "[[Int]!]"},
	} {
		if diff := cmp.Diff(want, item.Field(name).Details.Type); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if args := item.Field("price").Details.Arguments; len(args) != 2 || !args[0].Required || args[1].Required {
		t.Errorf("arguments of price: %v", args)
	}
	if diff := cmp.Diff(&contract.MessageDetails{Kind: "input", OneOf: true}, c.Messages["Find"].Details); diff != "" {
		t.Error(diff)
	}
	if d := c.Messages["Find"].Field("page").Details.Default; d == nil || *d != "1" {
		t.Errorf("default %v", d)
	}
}
