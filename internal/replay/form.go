package replay

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// formBody reads the body of an OAuth request, a form or a flat JSON object,
// into its fields and into a canonical text without the client, which is
// compared on its own: it can be said in three places.
func formBody(media string, body []byte) (map[string]string, string) {
	fields, err := formFields(media, body)
	if err != nil {
		return nil, "unreadable: " + err.Error()
	}
	rest := map[string]string{}
	for name, value := range fields {
		if name != "client_id" {
			rest[name] = value
		}
	}
	return fields, canonical(rest)
}

func formFields(media string, body []byte) (map[string]string, error) {
	fields := map[string]string{}
	if media == "application/json" {
		err := json.Unmarshal(body, &fields)
		return fields, err
	}
	values, err := url.ParseQuery(string(body))
	for name, list := range values {
		if len(list) != 1 {
			return nil, fmt.Errorf("%d values of %s", len(list), name)
		}
		fields[name] = list[0]
	}
	return fields, err
}

// canonical is a value as JSON text with sorted keys.
func canonical(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	return string(text)
}
