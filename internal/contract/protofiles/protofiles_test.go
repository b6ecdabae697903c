package protofiles_test

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// files makes a file system of the proto directory.
func files(sources map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range sources {
		out["proto/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

const shop = `syntax = "proto3";
package shop.v1;
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/empty.proto";
import "google/api/annotations.proto";

// Sells things.
service Shop {
  // Finds an item.
  rpc Find(FindRequest) returns (Item) { option (google.api.http) = { get: "/v1/find" }; }
  rpc Watch(FindRequest) returns (stream Item);
  rpc Old(FindRequest) returns (Item) { option deprecated = true; }
  rpc Ping(google.protobuf.Empty) returns (Item);
}

message FindRequest {
  optional string name = 1;
  string reset = 2;
  bool get_name = 3;
}

// A thing for sale.
message Item {
  string text = 1;
  bool flag = 2;
  int32 i32 = 3;
  int64 i64 = 4;
  sint64 s64 = 5;
  double real = 6;
  google.protobuf.Struct data = 7;
  Item parent = 8;
  repeated string tags = 9;
  repeated Item parts = 10;
  // In cents.
  int64 price = 11 [deprecated = true];
  bytes raw = 12;
  uint64 u64 = 13;
  uint32 u32 = 14;
  float single = 15;
  Color color = 16;
  map<string, string> labels = 17;
  oneof choice { string left = 18; Item right = 19; }
  google.protobuf.Timestamp at = 20;
  Nested nested = 21;
  message Nested { string x = 1; }
}

enum Color { COLOR_UNSPECIFIED = 0; }
`

const httpProto = `syntax = "proto3";
package google.api;
import "google/protobuf/descriptor.proto";
message HttpRule { oneof pattern { string get = 2; string post = 4; } string body = 7; }
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
`

func TestLoad(t *testing.T) {
	got, list := protofiles.Load(files(map[string]string{"shop/v1/shop.proto": shop, "google/api/annotations.proto": httpProto}), "proto")
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	c := got.Contract
	item := c.Messages["shop.v1.Item"]
	const file = "proto/shop/v1/shop.proto"

	choice := &contract.Oneof{Name: "choice", GoName: "Choice"}
	t.Run("fields", func(t *testing.T) {
		tests := []struct {
			name string
			want contract.Field
		}{
			{"text", contract.Field{GoName: "Text", Type: contract.Type{Scalar: contract.ScalarString, Wire: "TYPE_STRING"}}},
			{"flag", contract.Field{GoName: "Flag", Type: contract.Type{Scalar: contract.ScalarBool, Wire: "TYPE_BOOL"}}},
			{"i32", contract.Field{GoName: "I32", Type: contract.Type{Scalar: contract.ScalarInt32, Wire: "TYPE_INT32"}}},
			{"i64", contract.Field{GoName: "I64", Type: contract.Type{Scalar: contract.ScalarInt64, Wire: "TYPE_INT64"}}},
			{"s64", contract.Field{GoName: "S64", Type: contract.Type{Scalar: contract.ScalarInt64, Wire: "TYPE_SINT64"}}},
			{"real", contract.Field{GoName: "Real", Type: contract.Type{Scalar: contract.ScalarFloat64, Wire: "TYPE_DOUBLE"}}},
			{"data", contract.Field{GoName: "Data", Presence: true, Type: contract.Type{Scalar: contract.ScalarObject, Wire: "google.protobuf.Struct"}}},
			{"parent", contract.Field{GoName: "Parent", Presence: true, Type: contract.Type{Scalar: contract.ScalarMessage, Message: item, Wire: "shop.v1.Item"}}},
			{"tags", contract.Field{GoName: "Tags", Type: contract.Type{Scalar: contract.ScalarString, List: true, Wire: "TYPE_STRING"}}},
			{"parts", contract.Field{GoName: "Parts", Type: contract.Type{Scalar: contract.ScalarMessage, List: true, Message: item, Wire: "shop.v1.Item"}}},
			{"price", contract.Field{GoName: "Price", Doc: "In cents.", Deprecated: "deprecated", Type: contract.Type{Scalar: contract.ScalarInt64, Wire: "TYPE_INT64"}}},
			{"raw", plain("Raw", "TYPE_BYTES", contract.ScalarBytes)},
			{"u64", plain("U64", "TYPE_UINT64", contract.ScalarUint64)},
			{"u32", plain("U32", "TYPE_UINT32", contract.ScalarUint32)},
			{"single", plain("Single", "TYPE_FLOAT", contract.ScalarFloat32)},
			{"color", plain("Color", "shop.v1.Color", contract.ScalarEnum)},
			{"labels", contract.Field{GoName: "Labels", Type: contract.Type{Scalar: contract.ScalarString, Map: true, Wire: "TYPE_STRING"}}},
			{"left", contract.Field{GoName: "Left", Presence: true, Oneof: choice, Variant: &contract.Variant{GoName: "Item_Left"}, Type: contract.Type{Scalar: contract.ScalarString, Wire: "TYPE_STRING"}}},
			{"right", contract.Field{GoName: "Right", Presence: true, Oneof: choice, Variant: &contract.Variant{GoName: "Item_Right"}, Type: contract.Type{Scalar: contract.ScalarMessage, Message: item, Wire: "shop.v1.Item"}}},
			{"at", contract.Field{GoName: "At", Presence: true, Type: contract.Type{Scalar: contract.ScalarTimestamp, Wire: "google.protobuf.Timestamp"}}},
		}
		for _, tt := range tests {
			f := item.Field(tt.name)
			if f == nil {
				t.Errorf("no field %s", tt.name)
				continue
			}
			got := *f
			if got.Type.Message != tt.want.Type.Message {
				t.Errorf("%s refers to message %v", tt.name, got.Type.Message)
			}
			if e := got.Type.Enum; e != nil && (e.GoName != "Color" || e.GoImport != "shop/v1" || len(e.Values) == 0) {
				t.Errorf("%s is the enum %+v", tt.name, e)
			}
			got.Type.Enum = nil
			got.Name, got.Pos, got.Details, got.Type.Message, tt.want.Type.Message = "", diag.Pos{}, nil, nil, nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	})
	t.Run("messages", func(t *testing.T) {
		want := []string{"google.protobuf.Empty", "shop.v1.FindRequest", "shop.v1.Item", "shop.v1.Item.Nested"}
		if diff := cmp.Diff(want, sortedKeys(c.Messages)); diff != "" {
			t.Error(diff)
		}
		got := *c.Messages["shop.v1.Item.Nested"]
		got.Fields, got.Details = nil, nil
		wantMsg := contract.Message{Name: "shop.v1.Item.Nested", Pos: diag.Pos{File: file, Line: 46, Col: 3}, GoName: "Item_Nested", GoImport: "shop/v1"}
		if diff := cmp.Diff(wantMsg, got); diff != "" {
			t.Error(diff)
		}
		if item.Doc != "A thing for sale." {
			t.Errorf("doc %q", item.Doc)
		}
		if got := c.Messages["google.protobuf.Empty"].Unsupported; got != "is the well-known type google.protobuf.Empty" {
			t.Errorf("Empty: %q", got)
		}
	})
	// protoc-gen-go renames what would clash with its own methods.
	t.Run("Go names", func(t *testing.T) {
		find := c.Messages["shop.v1.FindRequest"]
		for name, want := range map[string]string{"name": "Name", "reset": "Reset_", "get_name": "GetName_"} {
			if got := find.Field(name).GoName; got != want {
				t.Errorf("%s: GoName %s, want %s", name, got, want)
			}
		}
		if f := find.Field("name"); !f.Presence || f.Type.Reason != "" || f.Pos != (diag.Pos{File: file, Line: 18, Col: 3}) {
			t.Errorf("the optional field: %+v", f)
		}
	})
	t.Run("operations", func(t *testing.T) {
		find := c.Operations["shop.v1.Shop/Find"]
		want := contract.Operation{
			Key: "shop.v1.Shop/Find", Pos: diag.Pos{File: file, Line: 11, Col: 3}, Kind: contract.KindUnary, Doc: "Finds an item.",
			GoName: "Find", GoService: "Shop", GoImport: "shop/v1",
			Request: c.Messages["shop.v1.FindRequest"], Response: contract.Type{Scalar: contract.ScalarMessage, Message: item, Wire: "shop.v1.Item"},
		}
		want.Details, want.HTTP = find.Details, find.HTTP
		if !reflect.DeepEqual(*find, want) {
			t.Errorf("got %+v\nwant %+v", *find, want)
		}
		if watch := c.Operations["shop.v1.Shop/Watch"]; watch.Unsupported != "" || !watch.Streams {
			t.Errorf("Watch: %+v", watch)
		}
		if got := c.Operations["shop.v1.Shop/Old"].Deprecated; got != "deprecated" {
			t.Errorf("Old: %q", got)
		}
	})
	t.Run("HTTP rules", func(t *testing.T) {
		for key, op := range c.Operations {
			var want []contract.HTTPBinding
			if key == "shop.v1.Shop/Find" {
				want = []contract.HTTPBinding{{Verb: "GET", Path: "/v1/find"}}
			}
			if diff := cmp.Diff(want, op.HTTP); diff != "" {
				t.Errorf("%s: %s", key, diff)
			}
		}
	})
	t.Run("set", func(t *testing.T) {
		seen := map[string]bool{}
		for _, f := range got.Set.File {
			for _, dep := range f.Dependency {
				if !seen[dep] {
					t.Errorf("%s comes before its import %s", f.GetName(), dep)
				}
			}
			seen[f.GetName()] = true
		}
		if diff := cmp.Diff([]string{"google/api/annotations.proto", "shop/v1/shop.proto"}, got.Sources); diff != "" {
			t.Error(diff)
		}
	})
}

func plain(goName, wire string, scalar contract.Scalar) contract.Field {
	return contract.Field{GoName: goName, Type: contract.Type{Scalar: scalar, Wire: wire}}
}

func TestLoadFindings(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"no directory", nil, []string{
			"proto: the contract file does not exist (write it with sdkgen pull, or mend its path in the manifest)",
		}},
		{"no proto files", map[string]string{"README.md": "nothing"}, []string{
			"proto: the directory holds no .proto files (write them with sdkgen pull, or mend the path in the manifest)",
		}},
		{"several errors in several files", map[string]string{
			"a.proto": "syntax = \"proto3\";\nmessage A {\n  Missing one = 1;\n  Absent two = 2;\n}\n",
			"b.proto": "syntax = \"proto3\";\nmessage B {\n  string x = 1\n}\n",
		}, []string{
			`proto/a.proto:3:3: field A.one: unknown type Missing`,
			`proto/a.proto:4:3: field A.two: unknown type Absent`,
			`proto/b.proto:4:1: syntax error: expecting ';'`,
		}},
		{"missing imports", map[string]string{
			"a.proto": "syntax = \"proto3\";\nimport \"gone/x.proto\";\nimport \"google/protobuf/any.proto\";\n",
			"b.proto": "syntax = \"proto3\";\nimport \"a.proto\";\nimport public \"gone/y.proto\";\n",
		}, []string{
			`proto/a.proto:2:8: the import "gone/x.proto" does not exist (imports start at proto)`,
			`proto/b.proto:3:15: the import "gone/y.proto" does not exist (imports start at proto)`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, list := protofiles.Load(files(tt.files), "proto")
			var text []string
			for _, f := range list.Findings() {
				text = append(text, f.Error())
			}
			if diff := cmp.Diff(tt.want, text); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if got.Contract == nil || got.Set != nil {
				t.Errorf("got %+v; want a contract and no descriptors", got)
			}
		})
	}
}

// proto2 tells required and optional fields apart, and has groups.
func TestLoadProto2(t *testing.T) {
	got, list := protofiles.Load(files(map[string]string{"p/p.proto": `syntax = "proto2";
package p;
service S { rpc Do(M) returns (M); }
message M {
  required string must = 1;
  optional string may = 2;
  optional group Inner = 3 { optional string x = 4; }
}
`}), "proto")
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	m := got.Contract.Messages["p.M"]
	if f := m.Field("must"); !f.Required || !f.Presence {
		t.Errorf("required field: %+v", f)
	}
	if f := m.Field("may"); f.Required || !f.Presence {
		t.Errorf("optional field: %+v", f)
	}
	if f := m.Field("inner"); f == nil || !strings.HasPrefix(f.Type.Reason, "is a group") {
		t.Errorf("group: %+v", f)
	}
}

// The contract of the server that this project is made for.
func TestAuthorizer(t *testing.T) {
	got, list := protofiles.Load(os.DirFS("../../.."), "proto")
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for key, op := range got.Contract.Operations {
		service, _, _ := strings.Cut(key, "/")
		count[service]++
		if op.Unsupported != "" {
			t.Errorf("%s %s", key, op.Unsupported)
		}
		if len(op.HTTP) != 1 || op.HTTP[0].Verb == "" || !strings.HasPrefix(op.HTTP[0].Path, "/v1/") {
			t.Errorf("%s: HTTP rules %+v", key, op.HTTP)
		}
	}
	want := map[string]int{"authorizer.v1.AuthorizerService": 20, "authorizer.v1.AuthorizerAdminService": 32}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
	for name, msg := range got.Contract.Messages {
		for _, f := range msg.Fields {
			if f.Type.Scalar == contract.ScalarUnsupported {
				t.Errorf("%s.%s %s", name, f.Name, f.Type.Reason)
			}
		}
	}
	user := got.Contract.Messages["authorizer.v1.User"]
	if f := user.Field("created_at"); f.Type.Scalar != contract.ScalarInt64 || f.Presence || f.GoName != "CreatedAt" {
		t.Errorf("User.created_at: %+v", f)
	}
	if f := user.Field("app_data"); f.Type.Message != got.Contract.Messages["authorizer.v1.AppData"] {
		t.Errorf("User.app_data: %+v", f)
	}
	if f := got.Contract.Messages["authorizer.v1.UpdateUserRequest"].Field("given_name"); !f.Presence {
		t.Errorf("UpdateUserRequest.given_name has no presence")
	}
	if f := got.Contract.Messages["authorizer.v1.AppData"].Field("value"); f.Type.Scalar != contract.ScalarObject {
		t.Errorf("AppData.value: %+v", f)
	}
}
