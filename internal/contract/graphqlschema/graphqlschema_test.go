package graphqlschema_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

const shop = `scalar Int64
scalar Date
enum Color { RED }
union Any = Item | Other
interface Node { id: ID! }

"A thing for sale."
type Item implements Node {
  id: ID!
  "Its name."
  name: String
  old: String @deprecated(reason: "gone")
  older: String @deprecated
  flag: Boolean!
  count: Int
  real: Float
  big: Int64
  date: Date
  color: Color
  any: Any
  node: Node
  tags: [String!]!
  holes: [String]!
  grid: [[Int]]
  parent: Item
  parts: [Item!]
  priced(currency: String!): Int
  shown(as: String, size: Int! = 1): Int
}
type Other { x: Int }

input Find {
  must: String!
  may: String
  preset: Int! = 3
  list: [String!]
  inner: Find
}
input Either @oneOf { a: String b: String }

type Query {
  find(params: Find!): Item
  search(param: Find): [Item!]!
  preset(params: Find! = {must: "x"}): Item
  ping: String
  by_id(id: ID!): Item
  two(a: Find, b: Find): Item
  listed(params: [Find!]): Item
  both: Item
}
type Mutation {
  "Removes it."
  remove(params: Find!): Other! @deprecated(reason: "use find")
  both: Item
}
type Subscription { watch: Item }
`

func load(t *testing.T, text string) *contract.Contract {
	t.Helper()
	c, list := graphqlschema.Load(
		fstest.MapFS{"shop.graphql": {Data: []byte(text)}}, []string{"shop.graphql"},
		graphqlschema.Options{Scalars: map[string]contract.Scalar{"Int64": contract.ScalarInt64}},
	)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFields(t *testing.T) {
	c := load(t, shop)
	item, find := c.Messages["Item"], c.Messages["Find"]
	typ := func(s contract.Scalar, wire string) contract.Type { return contract.Type{Scalar: s, Wire: wire} }
	list := func(in contract.Type) contract.Type { in.List = true; return in }
	no := func(wire, reason string) contract.Type {
		return contract.Type{Scalar: contract.ScalarUnsupported, Wire: wire, Reason: reason}
	}
	message := func(m *contract.Message) contract.Type {
		return contract.Type{Scalar: contract.ScalarMessage, Message: m, Wire: m.Name}
	}
	required := contract.Field{Required: true}
	nullable := contract.Field{Presence: true, Nullable: true}
	tests := []struct {
		msg  *contract.Message
		name string
		want contract.Field
		typ  contract.Type
	}{
		{item, "id", required, typ(contract.ScalarString, "ID")},
		{item, "name", contract.Field{Presence: true, Nullable: true, Doc: "Its name."}, typ(contract.ScalarString, "String")},
		{item, "old", contract.Field{Presence: true, Nullable: true, Deprecated: "gone"}, typ(contract.ScalarString, "String")},
		{item, "older", contract.Field{Presence: true, Nullable: true, Deprecated: "No longer supported"}, typ(contract.ScalarString, "String")},
		{item, "flag", required, typ(contract.ScalarBool, "Boolean")},
		{item, "count", nullable, typ(contract.ScalarInt32, "Int")},
		{item, "real", nullable, typ(contract.ScalarFloat64, "Float")},
		{item, "big", nullable, typ(contract.ScalarInt64, "Int64")},
		{item, "date", nullable, no("Date", "is the custom scalar Date, to which the manifest gives no shape: bind it under scalars, as in scalars: {Date: string}")},
		{item, "color", nullable, typ(contract.ScalarEnum, "Color")},
		{item, "any", nullable, message(c.Messages["Any"])},
		{item, "node", nullable, message(c.Messages["Node"])},
		{item, "tags", required, list(typ(contract.ScalarString, "String"))},
		{item, "holes", contract.Field{Required: true, Nullable: true}, list(typ(contract.ScalarString, "String"))},
		{item, "grid", nullable, contract.Type{Scalar: contract.ScalarNested, List: true, Wire: "Int"}},
		{item, "parent", nullable, message(item)},
		{item, "parts", nullable, list(message(item))},
		{item, "priced", nullable, no("Int", `needs the argument "currency"`)},
		{item, "shown", nullable, typ(contract.ScalarInt32, "Int")},
		{find, "must", required, typ(contract.ScalarString, "String")},
		{find, "may", nullable, typ(contract.ScalarString, "String")},
		{find, "preset", contract.Field{Presence: true}, typ(contract.ScalarInt32, "Int")},
		{find, "list", nullable, list(typ(contract.ScalarString, "String"))},
		{find, "inner", nullable, message(find)},
	}
	for _, tt := range tests {
		t.Run(tt.msg.Name+"."+tt.name, func(t *testing.T) {
			f := tt.msg.Field(tt.name)
			if f == nil {
				t.Fatal("no such field")
			}
			got, want := *f, tt.want
			if got.Type.Enum != nil {
				if name := got.Type.Enum.Name; name != "Color" {
					t.Errorf("the enum is %s", name)
				}
				got.Type.Enum = nil
			}
			if got.Type.Elem != nil {
				if item := *got.Type.Elem; item != list(typ(contract.ScalarInt32, "Int")) {
					t.Errorf("an item is %+v", item)
				}
				got.Type.Elem = nil
			}
			want.Name, want.Pos, want.Type, want.Details = tt.name, got.Pos, tt.typ, got.Details
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
	if pos := item.Field("name").Pos; pos != (diag.Pos{File: "shop.graphql", Line: 11, Col: 3}) {
		t.Errorf("position of Item.name: %v", pos)
	}
	if item.Doc != "A thing for sale." || item.Pos != (diag.Pos{File: "shop.graphql", Line: 8, Col: 6}) {
		t.Errorf("Item: %q at %v", item.Doc, item.Pos)
	}
	either := c.Messages["Either"]
	if a, b := either.Field("a").Oneof, either.Field("b").Oneof; a == nil || a != b || !a.Required {
		t.Errorf("Either: %+v %+v", a, b)
	}
	for name, want := range map[string]string{"Any": "item other", "Node": "item"} {
		var members []string
		for _, f := range c.Messages[name].Fields {
			members = append(members, f.Name)
			if f.Type.Message.Name != f.Variant.Names[0] || f.Oneof == nil {
				t.Errorf("%s.%s: %+v", name, f.Name, f)
			}
		}
		if got := strings.Join(members, " "); got != want || c.Messages[name].Union == nil {
			t.Errorf("%s has %q, want %q", name, got, want)
		}
	}
	if got := c.Messages["Node"].Unsupported; got != "" {
		t.Errorf("Node: %q", got)
	}
	for _, name := range []string{"Query", "Mutation", "Subscription", "__Type"} {
		if c.Messages[name] != nil {
			t.Errorf("%s is a message", name)
		}
	}
}

func TestOperations(t *testing.T) {
	c := load(t, shop)
	find := c.Messages["Find"]
	item := contract.Type{Scalar: contract.ScalarMessage, Message: c.Messages["Item"], Wire: "Item"}
	items := item
	items.List = true
	tests := map[string]contract.Operation{
		"find":   {Kind: contract.KindQuery, Request: find, RequestName: "params", RequestType: "Find!", Response: item},
		"search": {Kind: contract.KindQuery, Request: find, RequestName: "param", RequestType: "Find", RequestOptional: true, Response: items},
		"preset": {Kind: contract.KindQuery, Request: find, RequestName: "params", RequestType: "Find", RequestOptional: true, Response: item},
		"ping":   {Kind: contract.KindQuery, Response: contract.Type{Scalar: contract.ScalarString, Wire: "String"}},
		"by_id":  {Kind: contract.KindQuery, Response: item, Params: c.Operations["by_id"].Params},
		"two":    {Kind: contract.KindQuery, Response: item, Params: c.Operations["two"].Params},
		"listed": {Kind: contract.KindQuery, Response: item, Params: c.Operations["listed"].Params},
		"both":   {Kind: contract.KindQuery, Response: item, Unsupported: "is both a query and a mutation"},
		"watch":  {Kind: "subscription", Response: item, Unsupported: "is a subscription, for which the SDK has no transport"},
		"remove": {
			Kind: contract.KindMutation, Request: find, RequestName: "params", RequestType: "Find!", Doc: "Removes it.", Deprecated: "use find",
			Response: contract.Type{Scalar: contract.ScalarMessage, Message: c.Messages["Other"], Wire: "Other"},
		},
	}
	if len(c.Operations) != len(tests) {
		t.Errorf("%d operations, want %d", len(c.Operations), len(tests))
	}
	for key, want := range tests {
		t.Run(key, func(t *testing.T) {
			got := c.Operations[key]
			if got == nil {
				t.Fatal("no such operation")
			}
			want.Key, want.Pos, want.Details = key, got.Pos, got.Details
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("got  %+v\nwant %+v", *got, want)
			}
		})
	}
	if pos := c.Operations["find"].Pos; pos != (diag.Pos{File: "shop.graphql", Line: 42, Col: 3}) {
		t.Errorf("position of find: %v", pos)
	}
}

// Of several arguments, the one that is an input object carries the request.
func TestParams(t *testing.T) {
	c := load(t, `
type Query { find(id: ID!, input: In!, tags: [String!]! = ["x"], n: Int): Item, two(a: In, b: In!): Item }
input In { x: String }
type Item { id: ID }
`)
	find := c.Operations["find"]
	if find.Request != c.Messages["In"] || find.RequestName != "input" || find.RequestType != "In!" || find.RequestOptional {
		t.Errorf("the input object is %v", find)
	}
	var got []string
	for _, key := range []string{"find", "two"} {
		for _, p := range c.Operations[key].Params {
			got = append(got, fmt.Sprintf("%s %s list %t required %t presence %t, %s %s", p.Name, p.Type.Scalar, p.Type.List, p.Required, p.Presence, p.Place.In, p.Place.Type))
		}
	}
	want := []string{
		"id string list false required true presence false, argument ID!",
		"tags string list true required false presence true, argument [String!]",
		"n int32 list false required false presence true, argument Int",
		"a message list false required false presence true, argument In",
		"b message list false required true presence false, argument In!",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A schema block names the root types; types of the usual names are then plain.
func TestRootTypes(t *testing.T) {
	c := load(t, "schema { query: Root }\ntype Root { a: Query }\ntype Query { b: Int }\n")
	if c.Operations["a"] == nil || c.Operations["b"] != nil || c.Messages["Query"] == nil || c.Messages["Root"] != nil {
		t.Errorf("operations %v, messages %v", c.Operations, c.Messages)
	}
}

func TestFindings(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		paths []string
		want  []string
	}{
		{"missing files", nil, []string{"a.graphql", "../b.graphql"}, []string{
			`../b.graphql: a contract file must lie within the project (write its path from the project's root, with forward slashes and without "..")`,
			"a.graphql: the contract file does not exist (write it with sdkgen pull, or mend its path in the manifest)",
		}},
		{"syntax errors of each file", map[string]string{"a.graphql": "type Query {\n  a Int\n}\n", "b.graphql": "type\n"}, []string{"a.graphql", "b.graphql"}, []string{
			"a.graphql:2:5: Expected :, found Name",
			"b.graphql:2:1: Expected Name, found <EOF>",
		}},
		{"unknown and repeated types, all of them", map[string]string{"a.graphql": `type Query {
  a(x: Missing): Gone!
  b: [Lost!]
}
union U = Query | Away
type Twice { a: Int }
type T implements Nowhere { a: Int }
`, "b.graphql": "type Twice { a: Int }\n"}, []string{"a.graphql", "b.graphql"}, []string{
			"a.graphql:2:8: type Missing is not defined (define it in the schema, or mend the spelling)",
			"a.graphql:2:18: type Gone is not defined (define it in the schema, or mend the spelling)",
			"a.graphql:3:7: type Lost is not defined (define it in the schema, or mend the spelling)",
			"a.graphql:5:19: type Away is not defined (define it in the schema, or mend the spelling)",
			"a.graphql:7:6: type Nowhere is not defined (define it in the schema, or mend the spelling)",
			"b.graphql:1:6: type Twice is defined twice, first at a.graphql:6:6",
		}},
		{"other rules", map[string]string{"a.graphql": "type Query { a: In }\ninput In { a: Int }\n"}, []string{"a.graphql"}, []string{
			"a.graphql:1:14: OBJECT Query: field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range tt.files {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			c, list := graphqlschema.Load(fsys, tt.paths, graphqlschema.Options{})
			var got []string
			for _, f := range list.Findings() {
				got = append(got, f.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if c == nil || len(c.Operations) > 0 {
				t.Errorf("contract %+v, want one without operations", c)
			}
		})
	}
}

// The contract of the server that this project is made for.
func TestAuthorizer(t *testing.T) {
	c, list := graphqlschema.Load(os.DirFS("../../.."), []string{"schema.graphql"}, graphqlschema.Options{
		Scalars: map[string]contract.Scalar{"Int64": contract.ScalarInt64, "Map": contract.ScalarObject},
	})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	kinds := map[contract.Kind]int{}
	for key, op := range c.Operations {
		kinds[op.Kind]++
		if op.Unsupported != "" {
			t.Errorf("%s %s", key, op.Unsupported)
		}
	}
	if diff := cmp.Diff(map[contract.Kind]int{contract.KindQuery: 22, contract.KindMutation: 36}, kinds); diff != "" {
		t.Error(diff)
	}
	for name, msg := range c.Messages {
		for _, f := range msg.Fields {
			if f.Type.Scalar == contract.ScalarUnsupported {
				t.Errorf("%s.%s %s", name, f.Name, f.Type.Reason)
			}
		}
	}
	for name, optional := range map[string]bool{"_users": true, "session": true, "login": false, "_fga_expand": false} {
		if op := c.Operations[name]; op.RequestName != "params" || op.RequestOptional != optional {
			t.Errorf("%s: %+v", name, op)
		}
	}
	if op := c.Operations["_revoke_access"]; op.RequestName != "param" {
		t.Errorf("_revoke_access takes %q", op.RequestName)
	}
	if f := c.Messages["User"].Field("app_data"); f.Type.Scalar != contract.ScalarObject || !f.Nullable {
		t.Errorf("User.app_data: %+v", f)
	}
	if f := c.Messages["InviteMembersResponse"].Field("Users"); f == nil || !f.Type.List {
		t.Errorf("InviteMembersResponse.Users: %+v", f)
	}
}
