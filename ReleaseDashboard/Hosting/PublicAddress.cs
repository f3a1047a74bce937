using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;

namespace ReleaseDashboard.Hosting;

/// <summary>The address the server is bound to; until it is, the configured one.</summary>
internal sealed class PublicAddress(IServer server, IConfiguration configuration, IOptions<CoreOptions> options) : IPublicAddress
{
    public string Scheme => Address.Scheme;

    public int? Port => Address is { Scheme: "http", Port: 80 } or { Scheme: "https", Port: 443 } ? null : Address.Port;

    /// <summary>The dashboard's own address, without a slash at the end.</summary>
    public string Url => $"{Scheme}://{ListenUrls.BrowsableHost(Address.Host)}{(Port is { } port ? $":{port}" : "")}";

    /// <summary>True for a name the dashboard itself is reached by, which no environment can take.</summary>
    public bool IsOwn(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || System.Net.IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals(options.Value.PublicHost, StringComparison.OrdinalIgnoreCase)
        || host.Equals(Address.Host, StringComparison.OrdinalIgnoreCase);

    private BindingAddress Address
    {
        get
        {
            if (field is not null) return field;
            var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            if (bound is null || !ListenUrls.TryParse(bound, out var address) || address.Port == 0)
                return BindingAddress.Parse(ListenUrls.Read(configuration)[0]);
            return field = address;
        }
    }
}
