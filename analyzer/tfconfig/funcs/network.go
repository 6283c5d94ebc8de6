package funcs

import (
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func networkRows() []row {
	str := cty.String
	return []row{
		{name: "cidrhost", ret: str, fn: cidrFunc(str, nil, cidrhost, "hostnum")},
		{name: "cidrnetmask", ret: str, fn: cidrFunc(str, nil, cidrnetmask)},
		{name: "cidrsubnet", ret: str, fn: cidrFunc(str, nil, cidrsubnet, "newbits", "netnum")},
		{name: "cidrsubnets", ret: cty.List(str), fn: cidrFunc(cty.List(str), &function.Parameter{Name: "newbits", Type: cty.Number}, cidrsubnets)},
	}
}

// cidrFunc makes a function of a prefix and whole numbers.
func cidrFunc(ret cty.Type, rest *function.Parameter, do func(netip.Prefix, []*big.Int) (cty.Value, error), numbers ...string) function.Function {
	params := []function.Parameter{{Name: "prefix", Type: cty.String}}
	for _, name := range numbers {
		params = append(params, function.Parameter{Name: name, Type: cty.Number})
	}
	return function.New(&function.Spec{
		Params:       params,
		VarParam:     rest,
		Type:         function.StaticReturnType(ret),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			p, err := parsePrefix(args[0].AsString())
			if err != nil {
				return cty.NilVal, err
			}
			nums := make([]*big.Int, len(args)-1)
			for i, a := range args[1:] {
				n, acc := a.AsBigFloat().Int(nil)
				if n == nil || acc != big.Exact {
					return cty.NilVal, function.NewArgErrorf(i+1, "value must be a whole number")
				}
				nums[i] = n
			}
			return do(p, nums)
		},
	})
}

// parsePrefix reads a CIDR prefix as Terraform does, which reads 010 as ten.
func parsePrefix(s string) (netip.Prefix, error) {
	bad := function.NewArgErrorf(0, "invalid CIDR expression: invalid CIDR address: %s", s)
	host, length, ok := strings.Cut(s, "/")
	if !ok || strings.Contains(host, "%") || strings.Trim(length, "0123456789") != "" {
		return netip.Prefix{}, bad
	}
	bits, err := strconv.Atoi(length)
	if err != nil {
		return netip.Prefix{}, bad
	}
	addr, err := netip.ParseAddr(trimZeros(host))
	if err != nil {
		return netip.Prefix{}, bad
	}
	if addr.Is4In6() {
		// Terraform's answers mix both families here.
		return netip.Prefix{}, noAnswer{cause: "a prefix of IPv4-mapped addresses"}
	}
	p, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}, bad
	}
	return p, nil
}

// trimZeros drops leading zeros of dotted decimals.
func trimZeros(host string) string {
	if strings.Contains(host, ":") {
		return host
	}
	parts := strings.Split(host, ".")
	for i, p := range parts {
		if t := strings.TrimLeft(p, "0"); t != "" || p == "" {
			parts[i] = t
		} else {
			parts[i] = "0"
		}
	}
	return strings.Join(parts, ".")
}

// number converts an address to a number, and add converts back.
func number(a netip.Addr) *big.Int {
	return new(big.Int).SetBytes(a.AsSlice())
}

// add returns base + n, or false beyond the last address.
func add(base netip.Addr, n *big.Int) (netip.Addr, bool) {
	sum := new(big.Int).Add(number(base), n)
	if sum.Sign() < 0 || sum.BitLen() > base.BitLen() {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(sum.FillBytes(make([]byte, base.BitLen()/8)))
}

// powerOf2 returns 1 << n for the 0 to 128 bits of an address.
func powerOf2(n int) *big.Int {
	return new(big.Int).Lsh(big.NewInt(1), uint(n))
}

func cidrhost(p netip.Prefix, nums []*big.Int) (cty.Value, error) {
	hosts := powerOf2(p.Addr().BitLen() - p.Bits())
	n := nums[0]
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, hosts)
	}
	if n.Sign() < 0 || n.Cmp(hosts) >= 0 {
		return cty.NilVal, fmt.Errorf("prefix of %d does not accommodate a host numbered %s", p.Bits(), short(nums[0]))
	}
	addr, ok := add(p.Addr(), n)
	if !ok {
		return cty.NilVal, errors.New("beyond the last address")
	}
	return cty.StringVal(addr.Unmap().String()), nil
}

// short writes a number for a message.
func short(n *big.Int) string {
	if n.BitLen() > 128 {
		return "of more than 128 bits"
	}
	return n.String()
}

func cidrnetmask(p netip.Prefix, _ []*big.Int) (cty.Value, error) {
	if !p.Addr().Is4() {
		return cty.NilVal, function.NewArgErrorf(0, "IPv6 addresses cannot have a netmask: %s", p)
	}
	mask := ^uint32(0) << (32 - p.Bits())
	addr := netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)})
	return cty.StringVal(addr.String()), nil
}

func cidrsubnet(p netip.Prefix, nums []*big.Int) (cty.Value, error) {
	newbits, netnum := nums[0], nums[1]
	if newbits.Sign() < 0 || netnum.Sign() < 0 {
		// Terraform widens or keeps the prefix, which nobody intends.
		return cty.NilVal, noAnswer{cause: "cidrsubnet of a negative number"}
	}
	if !newbits.IsInt64() || newbits.Int64() > int64(p.Addr().BitLen()-p.Bits()) {
		return cty.NilVal, fmt.Errorf("insufficient address space to extend prefix of %d by %s", p.Bits(), short(newbits))
	}
	n := int(newbits.Int64())
	if netnum.Cmp(powerOf2(n)) >= 0 {
		return cty.NilVal, fmt.Errorf("prefix extension of %d does not accommodate a subnet numbered %s", n, short(netnum))
	}
	bits := p.Bits() + n
	addr, ok := add(p.Addr(), new(big.Int).Lsh(netnum, uint(p.Addr().BitLen()-bits)))
	if !ok {
		return cty.NilVal, errors.New("beyond the last address")
	}
	return cty.StringVal(netip.PrefixFrom(addr, bits).String()), nil
}

// cidrsubnets places prefixes one after the other, each at the next multiple of its
// own size.
func cidrsubnets(p netip.Prefix, nums []*big.Int) (cty.Value, error) {
	width := p.Addr().BitLen()
	end := new(big.Int).Add(number(p.Addr()), powerOf2(width-p.Bits()))
	next := number(p.Addr())
	out := make([]cty.Value, 0, len(nums))
	for i, n := range nums {
		if n.Sign() <= 0 {
			return cty.NilVal, function.NewArgErrorf(i+1, "must extend prefix by at least one bit")
		}
		if !n.IsInt64() || n.Int64() > 32 {
			return cty.NilVal, function.NewArgErrorf(i+1, "may not extend prefix by more than 32 bits")
		}
		bits := p.Bits() + int(n.Int64())
		if bits > width {
			return cty.NilVal, function.NewArgErrorf(i+1, "would extend prefix to %d bits, which is too long for an address", bits)
		}
		start := roundUp(next, powerOf2(width-bits))
		next = new(big.Int).Add(start, powerOf2(width-bits))
		if next.Cmp(end) > 0 {
			return cty.NilVal, function.NewArgErrorf(i+1, "not enough remaining address space for a subnet with a prefix of %d bits", bits)
		}
		addr, _ := netip.AddrFromSlice(start.FillBytes(make([]byte, width/8)))
		out = append(out, cty.StringVal(netip.PrefixFrom(addr, bits).String()))
	}
	return listOf(cty.String, out), nil
}

func roundUp(n, unit *big.Int) *big.Int {
	up := new(big.Int).Add(n, unit)
	up.Sub(up, big.NewInt(1))
	return up.Sub(up, new(big.Int).Mod(up, unit))
}
