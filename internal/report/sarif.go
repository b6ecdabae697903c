package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// sarifSchema is the schema that the SARIF form names and follows.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string      `json:"id"`
	ShortDescription     sarifText   `json:"shortDescription"`
	DefaultConfiguration sarifConfig `json:"defaultConfiguration"`
}

type sarifConfig struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool `json:"executionSuccessful"`
	ExitCode            int  `json:"exitCode"`
}

type sarifResult struct {
	RuleID              string             `json:"ruleId"`
	RuleIndex           *int               `json:"ruleIndex,omitempty"`
	Level               string             `json:"level"`
	Message             sarifText          `json:"message"`
	Locations           []sarifLocation    `json:"locations,omitempty"`
	PartialFingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
	Properties          map[string]any     `json:"properties,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI       string `json:"uri"`
	URIBaseID string `json:"uriBaseId"`
}

type sarifRegion struct {
	StartLine   int        `json:"startLine"`
	StartColumn int        `json:"startColumn,omitempty"`
	Snippet     *sarifText `json:"snippet,omitempty"`
}

type sarifLogical struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification"`
}

// writeSARIF prints a log with one run; what is accepted is there as suppressed.
func writeSARIF(w io.Writer, r *Report) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "sdkgen " + r.Command, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: !r.Unusable, ExitCode: r.ExitCode()}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
	}
	for _, rule := range r.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: rule.ID, ShortDescription: sarifText{rule.Doc}, DefaultConfiguration: sarifConfig{sarifLevel(rule.Severity)},
		})
	}
	for _, f := range r.Findings {
		run.Results = append(run.Results, r.sarifResult(f))
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func (r *Report) sarifResult(f Finding) sarifResult {
	out := sarifResult{
		RuleID: f.Rule, Level: sarifLevel(f.Severity), Message: sarifText{f.words()},
		PartialFingerprints: map[string]string{"sdkgen/v1": fingerprint(f)},
		Properties:          map[string]any{},
	}
	if i := slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.ID == f.Rule }); i >= 0 {
		out.RuleIndex = &i
	}
	if location := r.sarifLocation(f); location != (*sarifLocation)(nil) {
		out.Locations = []sarifLocation{*location}
	}
	if f.Accepted != "" {
		out.Suppressions = []sarifSuppression{{Kind: "external", Justification: f.Accepted}}
	}
	if len(f.Protocols) > 0 {
		out.Properties["protocols"] = f.Protocols
	}
	for k, v := range f.Properties {
		out.Properties[k] = v
	}
	return out
}

// sarifLocation is where a finding is: in a file, in methods or types, or nil.
func (r *Report) sarifLocation(f Finding) *sarifLocation {
	out := &sarifLocation{}
	if f.Pos.File != "" {
		uri := url.URL{Path: r.file(f)}
		out.Physical = &sarifPhysical{Artifact: sarifArtifact{URI: uri.String(), URIBaseID: "%SRCROOT%"}}
		if f.Pos.Line > 0 {
			out.Physical.Region = &sarifRegion{StartLine: f.Pos.Line, StartColumn: f.Pos.Col}
			if f.Line != "" {
				out.Physical.Region.Snippet = &sarifText{f.Line}
			}
		}
	}
	for _, m := range f.Methods {
		out.Logical = append(out.Logical, sarifLogical{Name: m, Kind: "function"})
	}
	if f.Type != "" {
		out.Logical = append(out.Logical, sarifLogical{Name: f.Type, Kind: "type"})
	}
	if out.Physical == nil && out.Logical == nil {
		return nil
	}
	return out
}

func sarifLevel(s Severity) string {
	if s == Error || s == Warning {
		return string(s)
	}
	return "note"
}

// fingerprint tells the finding from others, also when lines have moved.
func fingerprint(f Finding) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%s", f.Rule, f.Pos.File, strings.Join(f.Methods, ","), f.Type, f.Message))
	return hex.EncodeToString(sum[:16])
}
