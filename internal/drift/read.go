package drift

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// Side is one of the two states that are compared.
type Side struct {
	// Name is how messages call it: "HEAD", "the working tree".
	Name string
	// Files are what it was read from, to quote lines from.
	Files     fs.FS
	Manifest  *manifest.File
	Contracts map[ir.Protocol]*contract.Contract
	// Model is what the manifest and the contracts resolve to. It is complete
	// only if there are no Findings: those say why no SDK can be generated.
	Model    *ir.SDK
	Findings []diag.Finding
}

// Complete tells whether an SDK can be generated from the side.
func (s *Side) Complete() bool { return len(s.Findings) == 0 }

// UnreadableError says that a side cannot be compared: its manifest or a
// contract cannot be read.
type UnreadableError struct {
	Side     string
	Findings []diag.Finding
}

// Error names the side and the findings, one a line.
func (e *UnreadableError) Error() string {
	lines := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		lines[i] = e.Side + ": " + f.Error()
	}
	return strings.Join(lines, "\n")
}

// Read reads the manifest, a path below files, and the contracts that it names.
// A manifest that does not fit its contracts is no error: such a side can still
// be compared. What cannot be read or understood is an *UnreadableError.
func Read(name string, files fs.FS, manifestPath string) (*Side, error) {
	list := &diag.List{}
	src, ok := contract.ReadFile(files, manifestPath, list)
	if !ok {
		finding := diag.Finding{Pos: diag.Pos{File: manifestPath}, Message: "the manifest cannot be read"}
		if _, err := fs.Stat(files, manifestPath); errors.Is(err, fs.ErrNotExist) {
			finding.Message = "the manifest does not exist"
			finding.Hint = "say with --manifest what it is called, or name a side that has it with --base or --head"
		}
		return nil, &UnreadableError{name, []diag.Finding{finding}}
	}
	file, findings := manifest.Parse(manifestPath, src)
	list.Merge(findings)
	if list.Len() > 0 {
		return nil, &UnreadableError{name, list.Findings()}
	}
	side := &Side{Name: name, Files: files, Manifest: file}
	side.Contracts = readContracts(files, file, list)
	if list.Len() > 0 {
		return nil, &UnreadableError{name, list.Findings()}
	}
	side.Resolve()
	return side, nil
}

// Resolve makes the model anew, from the manifest and the contracts as they are.
func (s *Side) Resolve() {
	model, findings := resolve.Resolve(resolve.Input{
		Manifest: s.Manifest, Contracts: s.Contracts, Module: module(s.Files), Runtime: "runtime",
	})
	s.Model, s.Findings = model, findings.Findings()
}

// module is the import path of the side; without a go.mod, a stand-in that is
// the same for all.
func module(files fs.FS) string {
	if files != nil {
		if data, err := fs.ReadFile(files, "go.mod"); err == nil {
			if name := modfile.ModulePath(data); name != "" {
				return name
			}
		}
	}
	return "module.invalid"
}

func readContracts(files fs.FS, file *manifest.File, list *diag.List) map[ir.Protocol]*contract.Contract {
	out := map[ir.Protocol]*contract.Contract{}
	c := file.Contracts
	if c.GraphQL != nil {
		scalars := map[string]contract.Scalar{}
		for name, t := range file.Scalars {
			scalars[name] = contract.Scalar(t.Value)
		}
		loaded, found := graphqlschema.Load(files, []string{path.Clean(c.GraphQL.Schema.Value)}, graphqlschema.Options{Scalars: scalars})
		list.Merge(found)
		out[ir.GraphQL] = loaded
	}
	if c.REST != nil {
		doc, found := openapidoc.LoadBelow(files, manifest.Values(c.REST.Documents), c.REST.Base.Value)
		list.Merge(found)
		out[ir.REST] = doc.Contract
	}
	if c.GRPC != nil {
		protos, found := protofiles.Load(files, c.GRPC.Protos.Value)
		list.Merge(found)
		out[ir.GRPC] = protos.Contract
	}
	return out
}
