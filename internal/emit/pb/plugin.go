package pb

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"
)

const (
	// plugin is the grpc-go generator; pluginVersion is used where the project's
	// own go.mod does not choose one.
	plugin        = "google.golang.org/grpc/cmd/protoc-gen-go-grpc"
	pluginVersion = "v1.6.2"
)

// runStubs runs the grpc-go generator as protoc would: request on standard
// input, answer on standard output.
func runStubs(ctx context.Context, request *pluginpb.CodeGeneratorRequest, moduleDir string) ([]*pluginpb.CodeGeneratorResponse_File, error) {
	stdin, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "run", pluginArgument(moduleDir))
	cmd.Dir = moduleDir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go run %s: %w: %s", pluginArgument(moduleDir), err, strings.TrimSpace(stderr.String()))
	}
	response := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(stdout.Bytes(), response); err != nil {
		return nil, err
	}
	return files(response)
}

// pluginArgument is the package, with our version unless go.mod has one.
func pluginArgument(moduleDir string) string {
	mod, err := modfile.ParseLax("go.mod", goMod(moduleDir), nil)
	if err != nil {
		return plugin + "@" + pluginVersion
	}
	for _, r := range mod.Require {
		if r.Mod.Path == plugin {
			return plugin
		}
	}
	return plugin + "@" + pluginVersion
}

// goMod is the go.mod of the directory or of the nearest one above it; empty
// without one.
func goMod(dir string) []byte {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	for {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil || filepath.Dir(dir) == dir {
			return data
		}
		dir = filepath.Dir(dir)
	}
}
