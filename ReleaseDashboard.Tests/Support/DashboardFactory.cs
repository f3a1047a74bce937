using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ReleaseDashboard.Auth;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Secrets;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Tests.Fakes;
using Xunit;

namespace ReleaseDashboard.Tests.Support;

/// <summary>
/// The real dashboard on a free port of this machine, with a data directory that goes with it. The engine is the fake one unless a test says
/// <c>docker</c>. Test by what a user does: sign in, create an application, deploy.
/// </summary>
internal sealed class DashboardFactory : IAsyncDisposable
{
    /// <summary>An owner's API token, also the password of git.</summary>
    public const string Token = "bootstrap-token-of-the-tests";

    private readonly Server _server;
    private readonly TemporaryFolder _data;

    private DashboardFactory(Server server, TemporaryFolder data)
    {
        _server = server;
        _data = data;
    }

    /// <summary><c>http://127.0.0.1:41234/</c></summary>
    public Uri Address => _server.ClientOptions.BaseAddress;

    public string DataDirectory => _data.Path;

    public IServiceProvider Services => _server.Services;

    /// <param name="settings">Keys as <c>Release:MaxConcurrentRuns</c>.</param>
    /// <param name="services">Replaces registrations; called after the application's own.</param>
    public static DashboardFactory Start(string engine = "fake", IReadOnlyDictionary<string, string>? settings = null, Action<IServiceCollection>? services = null)
    {
        var data = new TemporaryFolder();
        var all = new Dictionary<string, string>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Release:Engine"] = engine,
            ["Release:DataDirectory"] = data.Path,
            ["Release:SeedSample"] = "false",
            ["Release:Auth:BootstrapToken"] = Token,
            ["Release:MinimumFreeMegabytes"] = "0",
            // What a failing test has to say must not drown in the lines of hundreds of dashboards.
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) all[key] = value;
        var server = new Server(all, services);
        server.UseKestrel(0);
        server.StartServer();
        return new DashboardFactory(server, data);
    }

    /// <summary>With commands, views and observation from memory: for tests of the web alone.</summary>
    public static DashboardFactory StartWithFakes(FakeViews views, FakeRunService runs, FakeObserver? observer = null, IReadOnlyDictionary<string, string>? settings = null) =>
        Start(settings: settings, services: services => WithoutWorkers(services)
            .Replace(ServiceDescriptor.Singleton<IDashboardViews>(views))
            .Replace(ServiceDescriptor.Singleton<IRunService>(runs))
            .Replace(ServiceDescriptor.Singleton<IWorkerHealth, FakeWorkers>())
            .Replace(ServiceDescriptor.Singleton<ISecretVault, FakeVault>())
            .Replace(ServiceDescriptor.Singleton<IEnvironmentObserver>(observer ?? new FakeObserver())));

    /// <summary>Nothing of Core works in the background but its database, which the sign-in needs.</summary>
    private static IServiceCollection WithoutWorkers(IServiceCollection services)
    {
        var core = typeof(CoreOptions).Assembly;
        foreach (var worker in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType != typeof(StoreStart)).ToList())
        {
            if ((worker.ImplementationType?.Assembly ?? worker.ImplementationFactory?.Method.Module.Assembly) == core) services.Remove(worker);
        }

        return services;
    }

    /// <summary>A visitor nobody knows. Redirects are not followed, so that a test sees them.</summary>
    public HttpClient Visitor() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A program with the owner's token.</summary>
    public HttpClient ApiClient(string token = Token)
    {
        var client = Visitor();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A browser without pages: signed in by a link, with its cookie.</summary>
    public async Task<HttpClient> SignedInClientAsync()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };
        using var answer = await client.GetAsync(SignInLink(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location?.OriginalString);
        return client;
    }

    /// <summary>Opened in a browser it signs the owner in.</summary>
    public Uri SignInLink(string returnUrl = "/") => new(Address, $"login?t={Token}&returnUrl={Uri.EscapeDataString(returnUrl)}");

    /// <summary>An application from a repository (a URL or path), or hosted by the dashboard.</summary>
    public Task<JsonElement> CreateApplicationAsync(string name, string? repository = null, string? template = null, string? variables = null) =>
        PostAsync("api/v1/applications", new { name, repository, template, variables }, HttpStatusCode.Created);

    /// <summary>Answers <c>{environment, deployment}</c>.</summary>
    public Task<JsonElement> CreateEnvironmentAsync(string application, string? branch = null, string kind = "ephemeral", string? name = null) =>
        PostAsync($"api/v1/applications/{application}/environments", new { branch, kind, name }, HttpStatusCode.Accepted);

    public Task<JsonElement> DeployAsync(string environment) => PostAsync($"api/v1/environments/{environment}/deploy", new { }, HttpStatusCode.Accepted);

    /// <summary>Waits until a deployment has ended, and expects how.</summary>
    public async Task<JsonElement> DeploymentEndedAsync(string id, string status = "succeeded", TimeSpan? within = null)
    {
        var ended = await Eventually.GetAsync(
            async () => await GetAsync($"api/v1/deployments/{id}") is var deployment && deployment.GetProperty("status").GetString() is not ("queued" or "running") ? (object)deployment : null,
            $"deployment {id} ends", within ?? TimeSpan.FromSeconds(60));
        var result = (JsonElement)ended;
        Assert.True(result.GetProperty("status").GetString() == status, $"Deployment {id} did not end {status}: {result}");
        return result;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var client = ApiClient();
        return await client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> PostAsync(string path, object body, HttpStatusCode expected)
    {
        using var client = ApiClient();
        using var answer = await client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == expected, $"POST {path} answered {(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
    }

    private sealed class Server(IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? services) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings) builder.UseSetting(key, value);
            builder.UseEnvironment("Production");
            builder.ConfigureTestServices(all =>
            {
                // The link is for the person at the terminal; here there is none.
                all.Remove(all.Single(s => s.ImplementationType == typeof(SignInLink)));
                services?.Invoke(all);
            });
        }
    }
}
