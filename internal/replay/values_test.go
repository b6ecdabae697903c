package replay

import (
	"slices"
	"testing"
)

type sample struct {
	Name  string         `json:"name,omitempty"`
	Count int64          `json:"count,omitempty"`
	Data  map[string]any `json:"data,omitempty"`
	Items []sample       `json:"items,omitempty"`
	Inner *sample        `json:"inner,omitempty"`
}

func TestDiffValues(t *testing.T) {
	tests := []struct {
		name string
		a, b any
		want []string
	}{
		{"equal", &sample{Name: "a", Data: map[string]any{"x": nil}}, &sample{Name: "a", Data: map[string]any{"x": nil}}, nil},
		{"field", &sample{Name: "a", Count: 1}, &sample{Name: "b"}, []string{"count", "name"}},
		{"nil and empty list", &sample{Items: []sample{}}, &sample{}, []string{"items"}},
		{"nil and empty map", &sample{}, &sample{Data: map[string]any{}}, []string{"data"}},
		{"longer list", &sample{Items: []sample{{}}}, &sample{Items: []sample{{}, {}}}, []string{"items"}},
		{"elements", &sample{Items: []sample{{}, {Name: "a"}, {}}}, &sample{Items: []sample{{}, {}, {Name: "b"}}}, []string{"items[].name"}},
		{"key lost", &sample{Data: map[string]any{"x": nil}}, &sample{Data: map[string]any{}}, []string{"data.x"}},
		{"number type", &sample{Data: map[string]any{"x": 1.0}}, &sample{Data: map[string]any{"x": int64(1)}}, []string{"data.x"}},
		{"deep", &sample{Data: map[string]any{"x": []any{map[string]any{"y": 1}}}}, &sample{Data: map[string]any{"x": []any{map[string]any{"y": 2}}}}, []string{"data.x[].y"}},
		{"pointer", &sample{Inner: &sample{}}, &sample{}, []string{"inner"}},
		{"inside pointer", &sample{Inner: &sample{Name: "a"}}, &sample{Inner: &sample{}}, []string{"inner.name"}},
		{"type", &sample{}, sample{}, []string{""}},
		{"nothing", nil, &sample{}, []string{""}},
		{"nothing twice", nil, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Paths(DiffValues(tt.a, tt.b)); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
