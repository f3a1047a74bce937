using System.Text.Json;
using System.Text.Json.Serialization;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

/// <summary>Small structures that are always read as a whole are JSON in one column. Enums are words, so that their order may change.</summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public const string EmptyList = "[]";
    public const string EmptyObject = "{}";

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new InvalidDataException($"A stored {typeof(T).Name} is empty.");

    public static Failure? Failure(string? json) => json is null ? null : Read<Failure>(json);
}

/// <summary>The part of a <see cref="DesiredState"/> that is no secret and that lists show.</summary>
internal sealed record AppliedSummary(IReadOnlyList<DesiredRoute> Routes, IReadOnlyList<AppliedService> Services, IReadOnlyList<string> Workflows)
{
    public static readonly AppliedSummary None = new([], [], []);

    public static AppliedSummary Of(DesiredState desired) => new(
        desired.Routes,
        [.. desired.Services.Select(s => new AppliedService(s.Name, s.Image, s.Replicas))],
        [.. desired.Workflows.Select(w => w.Name)]);
}

internal sealed record AppliedService(string Name, string Image, int Replicas);
