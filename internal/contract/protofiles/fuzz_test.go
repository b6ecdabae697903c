package protofiles_test

import (
	"os"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
)

// No source, however odd, may end in a panic.
func FuzzLoad(f *testing.F) {
	f.Add(shop)
	f.Add("edition = \"2023\";\npackage a;\nmessage M { string s = 1; }\nservice S { rpc Do(M) returns (M); }\n")
	f.Fuzz(func(_ *testing.T, text string) {
		protofiles.Load(files(map[string]string{"a.proto": text, "google/api/annotations.proto": httpProto}), "proto")
	})
}

// No descriptors, however odd, may end in a panic.
func FuzzPrint(f *testing.F) {
	data, err := os.ReadFile(descriptors)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(_ *testing.T, data []byte) {
		if set, err := protofiles.ParseSet(data); err == nil {
			_, _ = protofiles.Print(set)
		}
	})
}
