package fidelity

import "testing"

const root = "../.."

// Without fine-grained authorization; the module sdk/authorizertest/fga measures
// with it.
func TestFidelity(t *testing.T) { Test(t, root, nil) }

func TestNamesAreOneForOne(t *testing.T) {
	n := newNames()
	for _, step := range []struct {
		recorded, actual string
		same             bool
	}{
		{"jwt-1", "abc", true},
		{"jwt-1", "abc", true},
		{"jwt-1", "other", false},
		{"jwt-2", "abc", false}, // a value has one name
		{"id 00000000-0000-4000-8000-000000000001 of jwt-1", "id 7 of abc", true},
		{"00000000-0000-4000-8000-000000000001", "8", false},
		{"cookie_session=cookie-1; Path=/", "cookie_session=xyz; Path=/", true},
		{"cookie_session=cookie-1; Path=/", "cookie_session=xyz; Path=/a", false},
		{"plain", "plain", true},
		{"plain", "other", false},
	} {
		if got := n.same(step.recorded, step.actual); got != step.same {
			t.Errorf("%q and %q: %v", step.recorded, step.actual, got)
		}
	}
	if got := n.request("Bearer jwt-1 jwt-9"); got != "Bearer abc jwt-9" {
		t.Errorf("request is %q", got)
	}
}

func TestCompare(t *testing.T) {
	for name, c := range map[string]struct {
		want, got string
		same      bool
	}{
		"absent and zero":           {`{"a":null,"b":"","c":[],"d":"0"}`, `{}`, true},
		"an object with nothing":    {`{"user":null}`, `{"user":{"id":"","roles":[]}}`, true},
		"another text":              {`{"a":"x"}`, `{"a":"y"}`, false},
		"a text and nothing":        {`{"a":"x"}`, `{}`, false},
		"another number":            {`{"a":1}`, `{"a":2}`, false},
		"a number and its text":     {`{"a":1}`, `{"a":"1"}`, false},
		"an element more":           {`{"a":[1]}`, `{"a":[1,2]}`, false},
		"another order":             {`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		"no free-form object":       {`{"app_data":{}}`, `{"app_data":null}`, true},
		"null in a free-form one":   {`{"app_data":{"a":null}}`, `{"app_data":{}}`, false},
		"zero in a free-form one":   {`{"claims":{"a":0}}`, `{"claims":{"a":""}}`, false},
		"the white space of a tree": {`{"tree":"{\"a\": 1}"}`, `{"tree":"{\"a\":1}"}`, true},
		"another tree":              {`{"tree":"{\"a\": 1}"}`, `{"tree":"{\"a\":2}"}`, false},
		"a document less":           {`{"a":1}{"b":1}`, `{"a":1}`, false},
	} {
		c2 := &comparer{names: newNames()}
		c2.bodies([]byte(c.want), []byte(c.got))
		if same := len(c2.found) == 0; same != c.same {
			t.Errorf("%s: same is %v: %q", name, same, c2.found)
		}
	}
}

// A row that is not needed is a problem, and so is an answer without a row.
func TestCount(t *testing.T) {
	var r Report
	r.count("equal", nil, false)
	r.count("excepted", []string{"status"}, true)
	r.count("differs", []string{"status"}, false)
	r.count("needless", nil, true)
	if r.Steps != 4 || r.Equal != 2 || len(r.Excepted) != 1 || len(r.Problems) != 2 {
		t.Errorf("report is %+v", r)
	}
}
