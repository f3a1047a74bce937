using System.Text.RegularExpressions;
using Xunit;

namespace ReleaseDashboard.Tests.Architecture;

/// <summary>Keeps the table of walls of docs/architecture.md: which room may name which.</summary>
public sealed partial class WallTests
{
    private static readonly string[] Edges = ["Logs", "Live", "Store", "Git", "Secrets", "Engines"];
    private static readonly string[] Inner = ["Model", "Templates", "Planning", "Verdicts", .. Edges];
    private static readonly string[] Outer = ["Stages", "Runs", "Observation", "Routing", "Triggers", "Views"];

    public static TheoryData<string, string[]> Walls
    {
        get
        {
            var data = new TheoryData<string, string[]> { { "Model", [] }, { "Templates", ["Model"] }, { "Planning", ["Model"] }, { "Verdicts", ["Model"] } };
            foreach (var room in Edges) data.Add(room, ["Model"]);
            foreach (var room in Outer) data.Add(room, [.. Inner, .. Outer]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Walls))]
    public void Room_Code_NamesOnlyRoomsItMayKnow(string room, string[] allowed)
    {
        var core = Path.Combine(SourceTree.Root, "ReleaseDashboard.Core");
        var files = Directory.GetFiles(Path.Combine(core, room), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var broken =
            from file in files
            from Match named in RoomName().Matches(File.ReadAllText(file))
            let other = named.Groups[1].Value
            where other != room && Directory.Exists(Path.Combine(core, other)) && !allowed.Contains(other)
            select $"{Path.GetRelativePath(core, file)} names {other}";
        Assert.Empty(broken.Distinct());
    }

    [Theory]
    [InlineData("Docker.DotNet", "Engines/Docker")]
    [InlineData("Microsoft.EntityFrameworkCore", "Store")]
    [InlineData("YamlDotNet", "Templates")]
    [InlineData("Google.Protobuf", "Engines/Docker")]
    [InlineData("Microsoft.Data.Sqlite", "Store")]
    public void Library_IsNamed_OnlyInItsRoom(string library, string room)
    {
        var using_ = new Regex($@"\b{Regex.Escape(library)}\b[.;]");
        var broken = SourceTree.Sources("ReleaseDashboard.Core").Concat(SourceTree.Sources("ReleaseDashboard"))
            .Where(f => !f.Replace('\\', '/').Contains($"ReleaseDashboard.Core/{room}/", StringComparison.Ordinal))
            .Where(f => using_.IsMatch(File.ReadAllText(f)));
        Assert.Empty(broken);
    }

    [Fact]
    public void Core_NeverNamesTheWeb()
    {
        var broken = SourceTree.Sources("ReleaseDashboard.Core")
            .Where(f => File.ReadAllText(f) is var text && (text.Contains("Microsoft.AspNetCore", StringComparison.Ordinal) || text.Contains("MudBlazor", StringComparison.Ordinal)));
        Assert.Empty(broken);
    }

    [Fact]
    public void Web_KnowsServicesAndRecords_NeverStoreOrEngineInternals()
    {
        var broken = SourceTree.Sources("ReleaseDashboard")
            .Where(f => Regex.IsMatch(File.ReadAllText(f), @"\bIEngine\b|\bDashboardDb\b|Store\.Entities|Engines\.(Docker|Fake|Kubernetes)"));
        Assert.Empty(broken);
    }

    [GeneratedRegex(@"ReleaseDashboard\.Core\.([A-Z]\w+)")]
    private static partial Regex RoomName();
}
