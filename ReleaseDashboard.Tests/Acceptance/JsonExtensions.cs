using System.Text.Json.Nodes;

namespace ReleaseDashboard.Tests.Acceptance;

internal static class JsonExtensions
{
    public static string Text(this JsonNode? node) => node?.ToString() ?? "";

    public static HttpRequestMessage WithHost(this Uri address, string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Host = host;
        return request;
    }

    public static Task<HttpResponseMessage> GetAsync(this HttpClient http, HttpRequestMessage request) => http.SendAsync(request);
}
