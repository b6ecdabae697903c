package protofiles_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

const detailed = `syntax = "proto2";
package p.v1;
import "google/api/annotations.proto";
import "google/protobuf/descriptor.proto";
message Rule { optional int32 max = 1; repeated string in = 2; optional Rule each = 3; }
extend google.protobuf.FieldOptions { optional Rule rule = 50001; }
service Shop {
  rpc Find(Item) returns (Item) { option (google.api.http) = { post: "/find" }; }
  rpc Watch(stream Item) returns (stream Item);
}
message Item {
  reserved 9, 11 to 12; reserved "gone";
  optional string name = 1 [json_name = "title", default = "x", (rule) = { max: 3, in: ["a", "b"], each: { max: 4 } }];
  repeated Color colors = 2;
  oneof choice { string left = 3; }
  map<string, Color> labels = 4;
  enum Color { RED = 0; GREEN = 5 [deprecated = true]; }
}
`

// Details are what comparing needs beside the neutral picture.
func TestDetails(t *testing.T) {
	got, list := protofiles.Load(files(map[string]string{"p/v1/p.proto": detailed, "google/api/annotations.proto": httpProto}), "proto")
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	item := got.Contract.Messages["p.v1.Item"]
	text := func(s string) *string { return &s }
	pos := func(line, col int) diag.Pos { return diag.Pos{File: "proto/p/v1/p.proto", Line: line, Col: col} }
	color := &contract.Enum{Name: "p.v1.Item.Color", Pos: pos(17, 3), Closed: true, Values: []contract.EnumValue{
		{Name: "RED", Pos: pos(17, 16)}, {Name: "GREEN", Number: 5, Pos: pos(17, 25), Deprecated: "deprecated"},
	}}
	for name, want := range map[string]contract.FieldDetails{
		"name": {Type: contract.TypeDetails{Text: "string"}, Number: 1, JSONName: "title", Default: text("x"), Limits: map[string]string{
			"p.v1.rule.max": "3", "p.v1.rule.in": "a, b", "p.v1.rule.each.max": "4",
		}},
		"colors": {Type: contract.TypeDetails{Text: "repeated p.v1.Item.Color", Enum: color}, Number: 2, JSONName: "colors"},
		"left":   {Type: contract.TypeDetails{Text: "string"}, Number: 3, JSONName: "left", Oneof: "choice"},
		"labels": {Type: contract.TypeDetails{Text: "map<string, p.v1.Item.Color>", Enum: color}, Number: 4, JSONName: "labels"},
	} {
		if diff := cmp.Diff(want, *item.Field(name).Details); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(&contract.MessageDetails{Kind: "message", Reserved: []string{"11 to 12", "9", "gone"}}, item.Details); diff != "" {
		t.Error(diff)
	}
	if d := got.Contract.Operations["p.v1.Shop/Find"].Details; d.HTTP != "POST /find" || d.ClientStreams || d.Response.Text != "p.v1.Item" {
		t.Errorf("Find: %+v", d)
	}
	if d := got.Contract.Operations["p.v1.Shop/Watch"].Details; d.HTTP != "" || !d.ClientStreams || !d.ServerStreams {
		t.Errorf("Watch: %+v", d)
	}
}
