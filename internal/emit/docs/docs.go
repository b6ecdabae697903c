// Package docs emits the reference of an SDK: Markdown files, and one HTML page
// that holds everything and needs nothing from elsewhere.
//
//   - view.go says what a reader is shown, methods.go and fields.go make it of
//     the model;
//   - golang.go, graphql.go, http.go and grpcurl.go write what to paste, json.go
//     and shell.go what goes into it;
//   - markdown.go and html.go print the view.
package docs

import (
	"path"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Emit returns the files of the reference by path; none if the model has no
// directory for it.
func Emit(sdk *ir.SDK) (map[string][]byte, error) {
	dir := sdk.Paths.Docs
	if dir == "" {
		return nil, nil
	}
	view, err := newPage(sdk)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name, content := range markdown(view) {
		files[path.Join(dir, name)] = content
	}
	page, err := html(view)
	files[path.Join(dir, "index.html")] = page
	return files, err
}
