package protofiles

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"

	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// knownEdition is the one edition that the compiler knows.
const knownEdition = "2023"

// checkEditions finds files of an edition that the compiler does not know. What
// else it would say of them are errors of syntax, since later editions have words
// of their own. It tells whether there are none.
func checkEditions(fsys fs.FS, dir string, files []string, list *diag.List) bool {
	known := true
	for _, name := range files {
		data, ok := contract.ReadFile(fsys, path.Join(dir, name), list)
		if !ok || !bytes.Contains(data, []byte("edition")) {
			continue
		}
		// Errors of syntax are the compiler's to tell.
		silent := reporter.NewReporter(func(reporter.ErrorWithPos) error { return nil }, nil)
		file, _ := parser.Parse(name, bytes.NewReader(data), reporter.NewHandler(silent))
		if file == nil || file.Edition == nil || file.Edition.Edition.AsString() == knownEdition {
			continue
		}
		known = false
		edition := file.Edition.Edition.AsString()
		p := file.NodeInfo(file.Edition.Edition).Start()
		finding := diag.Finding{
			Pos:     diag.Pos{File: path.Join(dir, name), Line: p.Line, Col: p.Col},
			Message: fmt.Sprintf("sdkgen does not know edition %s of protobuf; it reads proto2, proto3 and edition %s", edition, knownEdition),
		}
		if edition == "2024" {
			finding.Hint = `write edition = "2023", "import" for "import option", and leave out "export" and "local" and the features that 2023 does not have: none of them changes what travels`
		}
		list.Add(finding)
	}
	return known
}
