using System.Text;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>Lines that programs print by accident or on purpose, and that break what shows them carelessly.</summary>
internal static class HostileOutput
{
    private const string Esc = "\u001b";

    /// <summary>What each is, and its bytes, without a line feed.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Lines { get; } =
    [
        Text("markup", "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'></div></section><style>* { display: none }</style>"),
        Text("attributes", "\" onmouseover=\"window.hacked = 1\" ' onclick='alert(1)' javascript:alert(1) {{constructor.constructor('alert(1)')()}} ${alert(1)}"),
        Text("address with markup", "see https://example.com/\"><img src=x onerror=alert(1)> and http://[::1 and https://"),
        Text("title", $"{Esc}]0;owned\u0007{Esc}]2;owned{Esc}\\{Esc}k owned{Esc}\\"),
        Text("clipboard", $"{Esc}]52;c;b3duZWQ=\u0007{Esc}]52;p;b3duZWQ={Esc}\\copied"),
        Text("unfinished OSC", $"before {Esc}]0;never closed"),
        Text("unfinished CSI", $"before {Esc}[38;2;1;2"),
        Text("unfinished device control", $"before {Esc}P+q never closed"),
        Text("single escape", $"before {Esc}"),
        Text("escapes in escapes", string.Concat(Enumerable.Repeat($"{Esc}]8;;{Esc}[{Esc}P", 2000)) + "end"),
        Text("one endless escape", $"{Esc}[" + new string('1', 60_000) + "m end"),
        Text("cursor storm", string.Concat(Enumerable.Range(1, 3000).Select(i => $"{Esc}[{i}A{Esc}[2K{Esc}[{i};1H{Esc}[J{Esc}[s{Esc}[u")) + "calm"),
        Text("alternate screen", $"{Esc}[?1049h{Esc}[2J{Esc}[?25l{Esc}[?2004h{Esc}cshown"),
        Text("redraws", string.Concat(Enumerable.Range(1, 5000).Select(i => $"\r{i} %")) + "\rdone"),
        Text("colours", string.Concat(Enumerable.Range(0, 4000).Select(i => $"{Esc}[{30 + i % 8};4{i % 8}mx"))),
        Text("colours that are none", $"{Esc}[38;5;999mx{Esc}[38;2;-1;99999;mx{Esc}[48;5mx{Esc}[99999999999999999999mx{Esc}[;;;;;mx"),
        Text("back and forth", "abc\b\b\bxyz\a\v\f\u007f"),
        Text("overrides", "user \u202Etxt.exe\u202C \u2066isolated \u2067never closed \u200Fmark \u061C1 2"),
        Text("right to left", "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 123"),
        Text("line ends that are none", "a\u2028b\u2029c\u0085d"),
        Text("no width", "zero\u200B\u200C\u200D\u2060\uFEFFwidth \u00AD soft \uE000\uF8FF private \U000F0000\U0010FFFD"),
        Text("stacked marks", "Z" + string.Concat(Enumerable.Repeat("\u0300\u0301\u0489\u0352", 200)) + "algo"),
        Text("very tall and wide", "\uFDFD \U00012031 \U0001F468\u200D\U0001F469\u200D\U0001F467 \U0001F3F4\U000E0067\U000E0062\U000E007F"),
        ("NULs", [.. Enumerable.Repeat((byte)0, 5000), (byte)'x']),
        ("no UTF-8", [0x61, 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5, 0x80, 0xe2, 0x82, 0x62, 0x9b, 0x33, 0x31, 0x6d]),
        ("all bytes", [.. Enumerable.Range(0, 256).Where(b => b is not '\n').Select(b => (byte)b)]),
        ("very long", [.. Enumerable.Repeat("0123456789abcdef"u8.ToArray(), 256 * 1024).SelectMany(b => b)]),
    ];

    private static (string, byte[]) Text(string name, string text) => (name, Encoding.UTF8.GetBytes(text));
}
