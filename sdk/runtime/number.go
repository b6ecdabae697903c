package runtime

import (
	"math/big"
	"strconv"
	"strings"
)

// exactFloat reads a JSON number as float64 and reports whether that is the
// number. An integer must be equal. A number with a fraction or an exponent
// must be what the float64 is written as, so that 0.1 is 0.1 although no
// binary fraction is.
func exactFloat(text string) (float64, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	if decimal(text) == decimal(strconv.FormatFloat(f, 'e', -1, 64)) {
		return f, true
	}
	i, isInteger := new(big.Int).SetString(text, 10)
	if !isInteger {
		return f, false
	}
	exact, _ := new(big.Float).SetFloat64(f).Int(nil)
	return f, exact.Cmp(i) == 0
}

// decimalNumber is a number as its digits, without zeros at either end, times
// a power of ten. The sign of zero is dropped.
type decimalNumber struct {
	negative bool
	digits   string
	exponent int
}

// decimal takes the text of a JSON number apart.
func decimal(text string) decimalNumber {
	var d decimalNumber
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	// An exponent that does not fit an int comes with a value that is out of
	// range, or with zero, for which it does not matter.
	d.exponent, _ = strconv.Atoi(exponent)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.exponent -= len(fraction)
	digits := strings.TrimLeft(whole+fraction, "0")
	d.digits = strings.TrimRight(digits, "0")
	d.exponent += len(digits) - len(d.digits)
	if d.digits == "" {
		return decimalNumber{}
	}
	return d
}
