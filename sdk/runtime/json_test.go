package runtime

import (
	"encoding/json"
	"reflect"
	"testing"
)

// anything has a field of each kind that wire types have.
type anything struct {
	Text   string         `json:"text"`
	Under  string         `json:"under_score"`
	Flag   bool           `json:"flag,omitempty"`
	Small  int32          `json:"small"`
	Number int64          `json:"number,omitempty,string"`
	Float  float64        `json:"float"`
	List   []string       `json:"list,omitzero"`
	Maybe  *string        `json:"maybe"`
	Object map[string]any `json:"object"`
	Any    any            `json:"any"`
	Nested struct {
		Items []anything `json:"items"`
	} `json:"nested"`
	Pointer *anything       `json:"pointer"`
	Raw     json.RawMessage `json:"raw"`
}

// FuzzUnmarshal holds the fast decoder to encoding/json: the same answers are
// good, and mean the same.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `[]`, `{}`, `{"text":"a"}x`, `{"text":"a"} `, `{"text":1}`, `{"text":null}`, `{"TEXT":"a"}`, `{"text":"a","Text":"b"}`,
		`{"text":"a","text":"b"}`, "{\"text\":\"\xff\"}", `{"text":"\ud800"}`, `{"text":"\u00e9\ud83d\ude80<&>"}`, `{"tex\u0074":"a"}`,
		`{"under_score":"a"}`, `{"underscore":"a"}`, `{"under-score":"a"}`, `{"UNDER_SCORE":"a"}`, `{"flag":true,"small":1,"number":"7","float":1.5}`,
		`{"small":1.0}`, `{"small":2147483648}`, `{"number":7}`, `{"number":""}`, `{"number":"x"}`, `{"number":null}`, `{"number":" 7"}`,
		`{"float":1e999}`, `{"any":1e999}`, `{"any":-0}`, `{"any":9007199254740993}`, `{"any":{"a":[1,null,true,"x",{}]}}`, `{"list":[]}`, `{"list":null}`,
		`{"list":["a",null]}`, `{"maybe":""}`, `{"maybe":null}`, `{"object":{}}`, `{"object":{"a":1,"a":2}}`, `{"nested":{"items":[{"text":"a"},{}]}}`,
		`{"pointer":{"pointer":{"text":"a"}}}`, `{"raw":{"a": 1}}`, `{"raw":null}`, `{"ſmall":1}`, `{"unknown":{"a":[1,2]},"text":"a"}`,
	} {
		f.Add([]byte(seed))
		f.Add([]byte(`{"data":` + seed + `}`))
		f.Add([]byte(`{"errors":` + seed + `,"data":null}`))
		f.Add([]byte(`{"data":{"text":"a"},"Data":` + seed + `}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want anything
		err, wantErr := unmarshal(body, &got), json.Unmarshal(body, &want)
		if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, %v, want %+v, %v", body, got, err, want, wantErr)
		}
		compareEnvelopes(t, body)
	})
}

func compareEnvelopes(t *testing.T, body []byte) {
	var data, wantData anything
	env, want := envelope{Data: &data}, envelope{Data: &wantData}
	err, wantErr := unmarshalEnvelope(body, &env), json.Unmarshal(body, &want)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: got %v, want %v", body, err, wantErr)
	}
	if err != nil {
		return
	}
	if found := want.Data == any(&wantData) && hasData(body); env.found != found {
		t.Errorf("%q: data found: got %t, want %t", body, env.found, found)
	}
	if string(env.Errors) != string(want.Errors) {
		t.Errorf("%q: errors: got %s, want %s", body, env.Errors, want.Errors)
	}
	if env.found && !reflect.DeepEqual(data, wantData) {
		t.Errorf("%q: data: got %+v, want %+v", body, data, wantData)
	}
}
