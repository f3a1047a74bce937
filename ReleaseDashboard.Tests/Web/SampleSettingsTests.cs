using Microsoft.Extensions.Configuration;
using ReleaseDashboard.Core;
using ReleaseDashboard.Hosting;
using ReleaseDashboard.Tests.Architecture;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

public sealed class SampleSettingsTests
{
    private static readonly string Sample = Path.Combine(SourceTree.Root, "appsettings.sample.json");

    [Fact]
    public void Sample_ShowsEverySettingWithItsDefault()
    {
        var shown = new ConfigurationBuilder().AddJsonFile(Sample).Build().GetSection(CoreOptions.Section);
        Assert.Equal(typeof(CoreOptions).GetProperties().Select(p => p.Name).Order(), shown.GetChildren().Select(c => c.Key).Order());
        Assert.Equivalent(new CoreOptions(), shown.Get<CoreOptions>());
    }

    [Fact]
    public void Sample_AsItIs_IsAccepted()
    {
        using var folder = new TemporaryFolder();
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Sample)
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Release:DataDirectory"] = folder.Path, ["Urls"] = "http://127.0.0.1:0" })
            .Build();
        Assert.Empty(StartCheck.Problems(configuration));
    }
}
