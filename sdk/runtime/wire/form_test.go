package wire_test

import (
	"testing"
	"time"

	"github.com/triwire/authorizer-sdk/sdk/runtime/wire"
)

// TestForm: a form has texts as JSON writes them, and lists by their names again.
func TestForm(t *testing.T) {
	text, zero, empty := "a&b", int32(0), ""
	got, err := wire.MarshalForm(&struct {
		Text     *string           `json:"text,omitempty"`
		Zero     *int32            `json:"zero,omitempty"`
		Empty    *string           `json:"empty,omitempty"`
		Unset    *string           `json:"unset,omitempty"`
		None     []string          `json:"none,omitzero"`
		List     []bool            `json:"list,omitzero"`
		Times    []time.Time       `json:"times,omitzero"`
		Time     time.Time         `json:"time,omitzero"`
		NoTime   time.Time         `json:"no_time,omitzero"`
		Bytes    []byte            `json:"bytes,omitzero"`
		Mask     wire.FieldMask    `json:"mask"`
		Duration wire.Duration     `json:"duration"`
		Big      wire.Int64        `json:"big"`
		Number   int64             `json:"number,omitempty,string"`
		Fraction float64           `json:"fraction"`
		Large    float32           `json:"large"`
		Nothing  map[string]string `json:"nothing,omitzero"`
		own      string
		NoName   string
	}{
		Text: &text, Zero: &zero, Empty: &empty, List: []bool{true, false}, Times: []time.Time{time.Unix(0, 1).UTC()}, Time: time.Unix(1, 0).UTC(),
		Bytes: []byte{0xff, 1}, Mask: wire.FieldMask{"a", "b_c"}, Duration: wire.Duration(1500 * time.Millisecond), Big: 1 << 60, Number: 7, Fraction: 0.5, Large: 1e8, own: "x", NoName: "x",
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "big=1152921504606846976&bytes=%2FwE%3D&duration=1.5s&empty=&fraction=0.5&large=100000000&list=true&list=false&mask=a%2CbC&number=7&text=a%26b&time=1970-01-01T00%3A00%3A01Z&times=1970-01-01T00%3A00%3A00.000000001Z&zero=0"
	if got.Encode() != want {
		t.Errorf("got  %s\nwant %s", got.Encode(), want)
	}
	for name, body := range map[string]any{
		"an object": struct {
			X struct{ Y int } `json:"x"`
		}{},
		"a map": struct {
			X map[string]string `json:"x"`
		}{map[string]string{"secret": "value"}},
		"a list of lists": struct {
			X [][]string `json:"x"`
		}{[][]string{{"secret"}}},
		"no struct": []string{"secret"},
	} {
		if _, err := wire.MarshalForm(body); err == nil {
			t.Errorf("%s is taken", name)
		} else if msg := err.Error(); len(msg) > 80 {
			t.Errorf("%s: %s", name, msg)
		}
	}
}
