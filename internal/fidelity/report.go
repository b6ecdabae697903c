package fidelity

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/replay"
)

// Emulator is what is measured: fresh, set up as the recorded server was.
type Emulator struct {
	HTTPAddr, GRPCAddr string
	// Settle waits until what the server does in the background is done.
	Settle func()
	// FGA: it has fine-grained authorization.
	FGA bool
}

// Report is how one recording went.
type Report struct {
	Protocol string
	// Steps were sent, Equal of them got the answer that the real server gave.
	Steps, Equal int
	// Excepted are the steps with another answer that the table has a reason for.
	Excepted []string
	// Problems are other answers without a reason, and reasons that are not
	// needed.
	Problems []string
}

// String is one line: the share of equal steps.
func (r Report) String() string {
	return fmt.Sprintf("%-7s %d of %d steps equal (%.1f %%), %s", r.Protocol, r.Equal, r.Steps,
		100*float64(r.Equal)/float64(r.Steps), diag.Count(len(r.Excepted), "exception"))
}

// Add counts another recording of the same protocol in.
func (r *Report) Add(other Report) {
	r.Protocol = other.Protocol
	r.Steps += other.Steps
	r.Equal += other.Equal
	r.Excepted = append(r.Excepted, other.Excepted...)
	r.Problems = append(r.Problems, other.Problems...)
}

// recordings are below the root of the module.
const recordings = "internal/replay/testdata/2.3.0-rc.9"

// Measure plays one recording, such as "graphql" or "graphql.mail", against an
// emulator. Root is the root of the module.
func Measure(ctx context.Context, root, recording string, e Emulator) (Report, error) {
	rec, err := replay.Load(os.DirFS(filepath.Join(root, recordings)), recording+".json")
	if err != nil {
		return Report{}, err
	}
	contracts, err := replay.LoadContracts(root)
	if err != nil {
		return Report{}, err
	}
	exceptions, err := loadTable(filepath.Join(root, "internal", "fidelity", "testdata", "exceptions.yaml"))
	if err != nil {
		return Report{}, err
	}
	p, err := newPlayer(contracts, e.HTTPAddr, e.GRPCAddr)
	if err != nil {
		return Report{}, err
	}
	defer p.close()
	report := Report{Protocol: rec.Protocol}
	for _, step := range rec.Steps {
		e.Settle()
		differences, err := p.play(ctx, step)
		if err != nil {
			return report, err
		}
		report.count(step.Name, differences, exceptions.find(step.Name, rec.Protocol, e.FGA))
	}
	return report, nil
}

func (r *Report) count(step string, differences []string, excepted bool) {
	r.Steps++
	switch {
	case len(differences) == 0:
		r.Equal++
		if excepted {
			r.Problems = append(r.Problems, fmt.Sprintf("%s over %s: the row of the table is not needed", step, r.Protocol))
		}
	case excepted:
		r.Excepted = append(r.Excepted, step)
	default:
		for _, d := range differences {
			r.Problems = append(r.Problems, fmt.Sprintf("%s over %s: %s", step, r.Protocol, d))
		}
	}
}

// Unknown are the rows of the table, for a protocol, whose steps were not among
// those that were sent.
func Unknown(root, protocol string, fga bool, excepted []string) ([]string, error) {
	t, err := loadTable(filepath.Join(root, "internal", "fidelity", "testdata", "exceptions.yaml"))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(t.rows(protocol, fga), func(step string) bool { return slices.Contains(excepted, step) }), nil
}
