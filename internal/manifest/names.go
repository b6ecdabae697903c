package manifest

import (
	"cmp"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// output checks what the generated files and their package are called.
func (v *validator) output() {
	o := v.Output
	v.required(o.Package, v.Pos, "output.package")
	if p := o.Package; p.Value != "" && (!regexp.MustCompile(`^[a-z][a-z0-9]*$`).MatchString(p.Value) || token.IsKeyword(p.Value) || p.Value == "main") {
		v.findings.Addf(p.Pos, "output.package %q is not a Go package name in lower case that can be imported", p.Value)
	}
	v.directory(o.Wire, "output.wire")
	v.directory(o.SDK, "output.sdk")
	wire, sdk := path.Clean(cmp.Or(o.Wire.Value, "gen")), path.Clean(cmp.Or(o.SDK.Value, "sdk"))
	if wire == "." || sdk == wire || strings.HasPrefix(sdk, wire+"/") {
		v.hint(or(o.Wire.Pos, o.SDK.Pos), "give it a directory of its own", "output.wire holds nothing but generated code, so %s cannot be it or above output.sdk", wire)
	}
	v.serverOutput(wire, sdk)
	v.docsOutput(wire)
}

// serverOutput checks that the server adapters have a package of their own: the
// SDK must not link them, and of the SDK's files all generated ones are its own.
func (v *validator) serverOutput(wire, sdk string) {
	t := v.Output.Server
	v.directory(t, "output.server")
	server := path.Clean(t.Value)
	if t.Value != "" && (server == "." || server == sdk || server == wire || strings.HasPrefix(server, wire+"/")) {
		v.hint(t.Pos, "give it a directory of its own, such as "+path.Join(sdk, "server"), "output.server %q is the directory of something else", t.Value)
	}
}

// directory checks a directory of the output, which lies in the project.
func (v *validator) directory(t Text, name string) {
	if t.Value != "" && !fs.ValidPath(t.Value) {
		v.hint(t.Pos, `write it without "..", with forward slashes and without one at either end`, "%s %q is not a path within the project", name, t.Value)
	}
}

// goName checks a name that the SDK uses as it stands.
func (v *validator) goName(t Text, name string) {
	if t.Value != "" && !(token.IsIdentifier(t.Value) && token.IsExported(t.Value)) {
		v.hint(t.Pos, "letters and digits, the first one a capital", "%s %q is not an exported Go name", name, t.Value)
	}
}

// snakeName checks a name that Go names are made of.
func (v *validator) snakeName(t Text, what string) {
	if t.Value != "" && !regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`).MatchString(t.Value) {
		v.hint(t.Pos, "use lower case words joined by underscores", "%s name %q is not in snake case", what, t.Value)
	}
}

// freeFile checks that a service's file is not one that every SDK has.
func (v *validator) freeFile(t Text) {
	taken := []string{"api", "graphql", "rest", "runtime", "types"}
	if slices.Contains(taken, t.Value) {
		v.hint(t.Pos, "any but: "+strings.Join(taken, ", "), "a service cannot be called %q: the file %s_gen.go holds something else", t.Value, t.Value)
	}
}

// freeSetting checks that a setting is not one that always exists.
func (v *validator) freeSetting(t Text) {
	if t.Value == "origin" || t.Value == "url" {
		v.hint(t.Pos, "call it otherwise", "the setting {%s} always exists: it is a part of the client's URL", t.Value)
	}
}
